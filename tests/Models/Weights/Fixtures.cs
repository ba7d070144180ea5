using System.Runtime.InteropServices;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>The checkpoints that PyTorch wrote, with the values that they hold.</summary>
internal static class Fixtures
{
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "fixtures", "pth");

    public static string File(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => System.IO.File.ReadAllBytes(File(name));

    /// <summary>Requires the same names in the same order, types, shapes and bits.</summary>
    public static void AssertSame(StateDict expected, StateDict actual, bool inOrder = true)
    {
        if (inOrder)
            Assert.Equal(expected.Names, actual.Names);
        else
            Assert.Equal(expected.Names.Order(StringComparer.Ordinal), actual.Names.Order(StringComparer.Ordinal));
        foreach ((string name, HostTensor tensor) in expected)
        {
            Assert.Equal(tensor.Shape, actual[name].Shape);
            Assert.Equal(tensor.Data.GetType(), actual[name].Data.GetType());
            Assert.True(Bits(tensor).SequenceEqual(Bits(actual[name])), $"{name} has other bits");
        }
    }

    private static ReadOnlySpan<byte> Bits(HostTensor tensor) => tensor.Data switch
    {
        float[] floats => MemoryMarshal.AsBytes<float>(floats),
        long[] integers => MemoryMarshal.AsBytes<long>(integers),
        _ => (byte[])tensor.Data,
    };
}
