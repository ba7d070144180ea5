using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>Where the elements of a tensor lie.</summary>
/// <param name="Bytes">The bytes that hold them.</param>
/// <param name="Start">The place of the first element, in elements.</param>
/// <param name="Type">Their number type in the file.</param>
/// <param name="Shape">The extents of the tensor.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="Strides">The step of each axis, in elements; null where they lie one after another.</param>
/// <param name="Span">The elements from the first that the tensor uses to the last.</param>
internal sealed record StoredElements(
    ByteSource Bytes, long Start, ElementType Type, int[] Shape, int Count, long[]? Strides = null, long Span = 0)
{
    /// <summary>Reads them; nothing larger than what the file really contains is allocated.</summary>
    public HostTensor Load()
    {
        if (Strides is null)
            return ElementReader.Wrap(Read(Count), Shape);
        if (Span > Array.MaxLength)
            throw Bytes.Refused(
                "a tensor is spread over more elements than fit in memory", "save it contiguous: tensor.contiguous()");
        return ElementReader.Wrap(
            Read((int)Span) switch
            {
                float[] floats => Gather(floats, Strides),
                long[] integers => Gather(integers, Strides),
                Array bytes => Gather((byte[])bytes, Strides),
            },
            Shape);
    }

    /// <summary>Reads floats into memory that is there, as much as they need.</summary>
    public void Load(Span<float> values)
    {
        if (Strides is null)
            ElementReader.Read(Bytes, Position, Type, values[..Count]);
        else
            Load().Floats.CopyTo(values);
    }

    /// <summary>Hands over floats in pieces, without memory for all of them where they lie one after another.</summary>
    public void Visit(Action<ReadOnlySpan<float>> visit)
    {
        if (Strides is null)
            ElementReader.Visit(Bytes, Position, Type, Count, visit);
        else
            visit(Load().Floats);
    }

    private long Position => Start * Type.Size();

    private Array Read(int count) => ElementReader.Read(Bytes, Position, Type, count);

    /// <summary>Puts the elements of a strided tensor one after another.</summary>
    private T[] Gather<T>(T[] span, long[] strides)
    {
        T[] elements = new T[Count];
        Span<int> index = stackalloc int[Shape.Length];
        long at = 0;
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = span[at];
            for (int axis = index.Length - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++index[axis] < Shape[axis])
                    break;
                at -= strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }
        return elements;
    }
}
