using System.Runtime.InteropServices;
using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>Turns the raw little-endian elements of a file into the arrays of a <see cref="HostTensor"/>.</summary>
internal static class ElementReader
{
    /// <summary>The elements read at a time where they are converted or visited, and where a read must stay below 2 GB.</summary>
    private const int ConvertChunk = 1 << 12, DirectChunk = 1 << 26;

    /// <summary>
    /// Reads elements as floats, 64-bit integers or bytes. The caller has checked that the source holds them, so
    /// nothing larger than what the file really contains is ever allocated.
    /// </summary>
    public static Array Read(ByteSource source, long position, ElementType type, int count)
    {
        switch (type.InMemory())
        {
            case ElementType.F32:
                float[] floats = GC.AllocateUninitializedArray<float>(count);
                Read(source, position, type, floats);
                return floats;
            case ElementType.U8:
                byte[] bytes = GC.AllocateUninitializedArray<byte>(count);
                ReadDirect<byte>(source, position, bytes);
                return bytes;
            default:
                long[] integers = GC.AllocateUninitializedArray<long>(count);
                ReadIntegers(source, position, type, integers);
                return integers;
        }
    }

    /// <summary>Reads elements of a type that is read as floats into memory that is there.</summary>
    public static void Read(ByteSource source, long position, ElementType type, Span<float> floats)
    {
        switch (type)
        {
            case ElementType.F32:
                ReadDirect(source, position, floats);
                break;
            case ElementType.F64:
                Convert<double, float>(source, position, floats, value => (float)value);
                break;
            case ElementType.F16:
                Convert<Half, float>(source, position, floats, value => (float)value);
                break;
            default:
                Convert<ushort, float>(source, position, floats, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16));
                break;
        }
    }

    /// <summary>Hands over elements of a type that is read as floats, in pieces that take no memory to speak of.</summary>
    public static void Visit(ByteSource source, long position, ElementType type, int count, Action<ReadOnlySpan<float>> visit)
    {
        Span<float> chunk = stackalloc float[Math.Min(count, ConvertChunk)];
        for (int done = 0; done < count; done += chunk.Length)
        {
            Span<float> floats = chunk[..Math.Min(chunk.Length, count - done)];
            Read(source, position + (long)done * type.Size(), type, floats);
            visit(floats);
        }
    }

    /// <summary>Wraps an array that this class made.</summary>
    public static HostTensor Wrap(Array data, IReadOnlyList<int> shape) => data switch
    {
        float[] floats => new HostTensor(floats, shape),
        long[] integers => new HostTensor(integers, shape),
        _ => new HostTensor((byte[])data, shape),
    };

    private static void ReadIntegers(ByteSource source, long position, ElementType type, Span<long> integers)
    {
        switch (type)
        {
            case ElementType.I64:
                ReadDirect(source, position, integers);
                break;
            case ElementType.I32:
                Convert<int, long>(source, position, integers, value => value);
                break;
            case ElementType.I16:
                Convert<short, long>(source, position, integers, value => value);
                break;
            case ElementType.I8:
                Convert<sbyte, long>(source, position, integers, value => value);
                break;
            case ElementType.U32:
                Convert<uint, long>(source, position, integers, value => value);
                break;
            case ElementType.U16:
                Convert<ushort, long>(source, position, integers, value => value);
                break;
            default:
                Convert<ulong, long>(source, position, integers, value => value <= long.MaxValue ? (long)value
                    : throw source.Refused($"the U64 value {value} does not fit 64 bits with a sign", "save the tensor as int64"));
                break;
        }
    }

    private static void ReadDirect<T>(ByteSource source, long position, Span<T> elements) where T : unmanaged
    {
        for (int done = 0; done < elements.Length; done += DirectChunk)
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(elements.Slice(done, Math.Min(DirectChunk, elements.Length - done)));
            source.Read(position, bytes);
            position += bytes.Length;
        }
    }

    private static void Convert<TFrom, TTo>(ByteSource source, long position, Span<TTo> elements, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        Span<TFrom> chunk = stackalloc TFrom[Math.Min(elements.Length, ConvertChunk)];
        while (!elements.IsEmpty)
        {
            Span<TFrom> raw = chunk[..Math.Min(chunk.Length, elements.Length)];
            Span<byte> bytes = MemoryMarshal.AsBytes(raw);
            source.Read(position, bytes);
            position += bytes.Length;
            for (int i = 0; i < raw.Length; i++)
                elements[i] = convert(raw[i]);
            elements = elements[raw.Length..];
        }
    }
}
