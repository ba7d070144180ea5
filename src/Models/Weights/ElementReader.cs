using System.Runtime.InteropServices;
using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>Turns the raw little-endian elements of a file into the arrays of a <see cref="HostTensor"/>.</summary>
internal static class ElementReader
{
    /// <summary>The elements read at a time where they are converted, and where a read must stay below 2 GB.</summary>
    private const int ConvertChunk = 1 << 13, DirectChunk = 1 << 26;

    /// <summary>
    /// Reads elements as floats, 64-bit integers or bytes. The caller has checked that the source holds them, so
    /// nothing larger than what the file really contains is ever allocated.
    /// </summary>
    public static Array Read(ByteSource source, long position, ElementType type, int count) => type switch
    {
        ElementType.F32 => ReadDirect<float>(source, position, count),
        ElementType.I64 => ReadDirect<long>(source, position, count),
        ElementType.U8 or ElementType.BOOL => ReadDirect<byte>(source, position, count),
        ElementType.F64 => Convert<double, float>(source, position, count, value => (float)value),
        ElementType.F16 => Convert<Half, float>(source, position, count, value => (float)value),
        ElementType.BF16 => Convert<ushort, float>(
            source, position, count, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        ElementType.I32 => Convert<int, long>(source, position, count, value => value),
        ElementType.I16 => Convert<short, long>(source, position, count, value => value),
        ElementType.I8 => Convert<sbyte, long>(source, position, count, value => value),
        ElementType.U32 => Convert<uint, long>(source, position, count, value => value),
        ElementType.U16 => Convert<ushort, long>(source, position, count, value => value),
        _ => Convert<ulong, long>(source, position, count, value => value <= long.MaxValue ? (long)value
            : throw source.Refused($"the U64 value {value} does not fit 64 bits with a sign", "save the tensor as int64")),
    };

    /// <summary>Wraps an array that <see cref="Read"/> gave.</summary>
    public static HostTensor Wrap(Array data, IReadOnlyList<int> shape) => data switch
    {
        float[] floats => new HostTensor(floats, shape),
        long[] integers => new HostTensor(integers, shape),
        _ => new HostTensor((byte[])data, shape),
    };

    private static T[] ReadDirect<T>(ByteSource source, long position, int count) where T : unmanaged
    {
        T[] elements = GC.AllocateUninitializedArray<T>(count);
        for (int done = 0; done < count; done += DirectChunk)
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(elements.AsSpan(done, Math.Min(DirectChunk, count - done)));
            source.Read(position, bytes);
            position += bytes.Length;
        }
        return elements;
    }

    private static TTo[] Convert<TFrom, TTo>(ByteSource source, long position, int count, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        TTo[] elements = GC.AllocateUninitializedArray<TTo>(count);
        TFrom[] chunk = new TFrom[Math.Min(count, ConvertChunk)];
        for (int done = 0; done < count; done += chunk.Length)
        {
            Span<TFrom> raw = chunk.AsSpan(0, Math.Min(chunk.Length, count - done));
            Span<byte> bytes = MemoryMarshal.AsBytes(raw);
            source.Read(position, bytes);
            position += bytes.Length;
            for (int i = 0; i < raw.Length; i++)
                elements[done + i] = convert(raw[i]);
        }
        return elements;
    }
}
