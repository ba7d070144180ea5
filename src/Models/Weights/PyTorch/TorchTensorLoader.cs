namespace SpGpu.Models.Weights.PyTorch;

/// <summary>The way from the tensors of a checkpoint to their elements in its storages.</summary>
internal static class TorchTensorLoader
{
    /// <summary>The tensors in their order. What they ask for is counted before any is read.</summary>
    /// <exception cref="WeightsException">They ask for more memory than a file of that size may take.</exception>
    public static StoredTensor[] Store(TorchArchive archive, IReadOnlyCollection<KeyValuePair<string, TorchTensor>> tensors)
    {
        long stored = tensors.Select(pair => pair.Value.Storage).DistinctBy(storage => storage.Key).Sum(storage => storage.Bytes);
        Int128 used = tensors.Aggregate((Int128)0, (sum, pair) => sum + Memory(pair.Value));
        archive.Budget.Take(
            used, $"its tensors ask for {used} bytes of storages that hold {stored}", "save the tensors as copies: tensor.clone()");
        var blocks = new Dictionary<string, int>(StringComparer.Ordinal);
        (string? Key, ByteSource? Bytes) open = default;
        return
        [
            .. tensors.Select(pair =>
            {
                (string name, TorchTensor tensor) = pair;
                blocks.TryAdd(tensor.Storage.Key, blocks.Count);
                return new StoredTensor(name, tensor.Storage.Type, tensor.Shape, blocks[tensor.Storage.Key], () => Open(tensor));
            }),
        ];

        // A compressed storage is held in memory while its tensors are read: one at a time.
        StoredElements Open(TorchTensor tensor)
        {
            if (open.Key != tensor.Storage.Key)
                open = (tensor.Storage.Key, archive.Open(tensor.Storage));
            return new StoredElements(
                open.Bytes!, tensor.Start, tensor.Storage.Type, tensor.Shape, tensor.Count, tensor.IsContiguous ? null : tensor.Strides, tensor.Span);
        }
    }

    /// <summary>The bytes that loading takes: a strided tensor is read with all that lies between its elements first.</summary>
    private static Int128 Memory(TorchTensor tensor) =>
        ((Int128)tensor.Count + (tensor.IsContiguous ? 0 : tensor.Span)) * tensor.Storage.Type.SizeInMemory();
}
