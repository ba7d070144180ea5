namespace SpGpu.Models.Weights;

/// <summary>A tensor of an open file that was not loaded yet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its number type in the file.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Block">Tensors of one block lie together, and are opened one after another at the least cost.</param>
/// <param name="Open">The way to its elements.</param>
internal sealed record StoredTensor(string Name, ElementType Type, int[] Shape, int Block, Func<StoredElements> Open);
