namespace SpGpu.Models.Weights;

/// <summary>What the header of a .safetensors file says, without the data.</summary>
/// <param name="Tensors">The tensors in the order of the header.</param>
/// <param name="Metadata">The free text by key that the file carries.</param>
public sealed record SafeTensorsDescription(
    IReadOnlyList<TensorDescription> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its name, as in a PyTorch state dict.</param>
/// <param name="ElementType">Its number type as the file writes it, such as <c>F32</c> or <c>I64</c>.</param>
/// <param name="Shape">Its extents, outermost first.</param>
public sealed record TensorDescription(string Name, string ElementType, IReadOnlyList<int> Shape);
