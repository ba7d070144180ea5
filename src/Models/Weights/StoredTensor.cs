using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>A tensor of an open file that was not loaded yet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its number type in the file.</param>
/// <param name="Shape">Its extents in the file.</param>
/// <param name="Open">The way to its elements.</param>
internal sealed record StoredTensor(string Name, ElementType Type, int[] Shape, Func<StoredElements> Open)
{
    /// <summary>The number of its elements.</summary>
    public int Count => Shape.Aggregate(1, (product, extent) => product * extent);

    /// <summary>
    /// Whether it counts batches and is loaded as one 64-bit integer: PyTorch before 0.4 knew no tensors without extents,
    /// and takes such a counter today as it does one of any type.
    /// </summary>
    public bool IsCounter { get; init; }

    /// <summary>Its number type and extents once it is loaded.</summary>
    public (ElementType Type, int[] Shape) Loaded => IsCounter ? (ElementType.I64, []) : (Type.InMemory(), Shape);

    public HostTensor Load()
    {
        HostTensor tensor = Open().Load();
        if (!IsCounter)
            return tensor;
        return new HostTensor([tensor.Data switch
        {
            float[] floats => (long)floats[0],
            long[] integers => integers[0],
            Array bytes => ((byte[])bytes)[0],
        }]);
    }

    /// <summary>Loads floats into memory that is there; false where it holds others.</summary>
    public bool TryLoad(Span<float> values)
    {
        if (Loaded.Type != ElementType.F32)
            return false;
        Open().Load(values);
        return true;
    }

    /// <summary>
    /// Hands over floats in pieces, without memory for all of them where they lie one after another; integers are not
    /// visited.
    /// </summary>
    public void Visit(Action<ReadOnlySpan<float>> visit)
    {
        if (Loaded.Type == ElementType.F32)
            Open().Visit(visit);
    }
}
