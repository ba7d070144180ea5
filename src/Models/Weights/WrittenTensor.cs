namespace SpGpu.Models.Weights;

/// <summary>A tensor that is to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The number type that it is written with.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Write">Writes its elements, as many as the shape says.</param>
internal sealed record WrittenTensor(string Name, ElementType Type, IReadOnlyList<int> Shape, Action<Stream> Write)
{
    public long Bytes => Shape.Aggregate((long)Type.Size(), (product, extent) => product * extent);
}
