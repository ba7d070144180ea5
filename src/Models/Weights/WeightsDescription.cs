namespace SpGpu.Models.Weights;

/// <summary>What a weights file says of the model's tensors, without their elements.</summary>
/// <param name="Kind">The file's format in words.</param>
/// <param name="Tensors">The tensors in the order of the file, under the names that the model gives them.</param>
/// <param name="Metadata">The free text by key that a .safetensors file carries.</param>
/// <param name="Epoch">The epoch that a checkpoint of PyTorch keeps.</param>
public sealed record WeightsDescription(
    string Kind, IReadOnlyList<TensorDescription> Tensors, IReadOnlyDictionary<string, string> Metadata, long? Epoch);
