namespace SpGpu.Models.Weights;

/// <summary>The tensors of a file of which the header or the pickle was read, but no data.</summary>
/// <param name="Kind">The file's format in words.</param>
/// <param name="Tensors">The tensors in the order of the file.</param>
/// <param name="Metadata">The free text by key that the file carries.</param>
/// <param name="Epoch">The epoch that a checkpoint of PyTorch keeps.</param>
internal sealed record StoredTensors(
    string Kind, IReadOnlyList<StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata, long? Epoch = null);
