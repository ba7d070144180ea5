using System.Runtime.InteropServices;
using System.Text;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Writes initialisers as ONNX, in the forms that exporters choose.</summary>
internal static class OnnxBuilder
{
    public const int Floats = 1, Halves = 10;

    /// <summary>A file with a graph of nothing but initialisers.</summary>
    public static byte[] File(params IEnumerable<byte[]> tensors)
    {
        byte[] node = Field(4, "Identity"u8);
        byte[] graph = [.. Field(1, node), .. tensors.SelectMany(tensor => Field(5, tensor)), .. Field(2, "graph"u8)];
        return [.. Number(1, 7), .. Field(2, "builder"u8), .. Field(7, graph), .. Field(8, [.. Number(2, 13)])];
    }

    /// <summary>Floats in the field of their own, as older exporters write them, or as raw bytes before the name.</summary>
    public static byte[] Tensor(string name, float[] values, int[] shape, bool raw) => raw
        ? [.. Shape(shape), .. Number(2, Floats), .. Field(9, MemoryMarshal.AsBytes<float>(values)), .. Name(name)]
        : [.. Field(1, [.. shape.SelectMany(extent => Varint((ulong)extent))]), .. Number(2, Floats),
            .. Field(4, MemoryMarshal.AsBytes<float>(values)), .. Name(name)];

    public static byte[] Tensor(string name, int type, int[] shape, byte[] fields) =>
        [.. Shape(shape), .. Number(2, (ulong)type), .. Name(name), .. fields];

    public static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Field(int field, ReadOnlySpan<byte> bytes) =>
        [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Shape(int[] shape) => [.. shape.SelectMany(extent => Number(1, (ulong)extent))];

    private static byte[] Name(string name) => Field(8, Encoding.UTF8.GetBytes(name));

    private static List<byte> Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }
}
