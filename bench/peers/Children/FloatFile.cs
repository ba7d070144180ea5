using System.Runtime.InteropServices;

namespace SpGpu.Peers.Children;

/// <summary>Files of nothing but float32, which every engine reads with what it has.</summary>
internal static class FloatFile
{
    public static float[] Read(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();

    public static void Write(string path, ReadOnlySpan<float> numbers) => File.WriteAllBytes(path, MemoryMarshal.AsBytes(numbers));
}
