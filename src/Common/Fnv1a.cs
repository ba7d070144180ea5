using System.Text;

namespace SpGpu;

/// <summary>FNV-1a with 64 bits (Fowler, Noll and Vo): a number for a name, the same everywhere.</summary>
internal static class Fnv1a
{
    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static ulong Of(string text) =>
        Encoding.UTF8.GetBytes(text).Aggregate(0xCBF29CE484222325, (hash, value) => (hash ^ value) * 0x100000001B3);
}
