namespace SpGpu.Models.Weights;

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">Its number type as the file writes it, called as in .safetensors: <c>F32</c>, <c>I64</c>.</param>
/// <param name="Shape">Its extents, outermost first.</param>
public sealed record TensorDescription(string Name, string ElementType, IReadOnlyList<int> Shape);
