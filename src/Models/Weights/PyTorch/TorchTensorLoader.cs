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
        var users = tensors.CountBy(pair => pair.Value.Storage.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var opened = new Dictionary<string, ByteSource>(StringComparer.Ordinal);
        return [.. tensors.Select(pair => new StoredTensor(pair.Key, pair.Value.Storage.Type, pair.Value.Shape, () => Open(pair.Value)))];

        StoredElements Open(TorchTensor tensor) => new(
            Bytes(tensor.Storage), tensor.Start, tensor.Storage.Type, tensor.Shape, tensor.Count,
            tensor.IsContiguous ? null : tensor.Strides, tensor.Span);

        // Checked or decompressed once. What is decompressed takes memory, so it stays only where several tensors share it.
        ByteSource Bytes(TorchStorage storage)
        {
            if (opened.TryGetValue(storage.Key, out ByteSource? bytes))
                return bytes;
            bytes = archive.Open(storage);
            if (!bytes.IsInMemory || users[storage.Key] > 1)
                opened[storage.Key] = bytes;
            return bytes;
        }
    }

    /// <summary>The bytes that loading takes: a strided tensor is read with all that lies between its elements first.</summary>
    private static Int128 Memory(TorchTensor tensor) =>
        ((Int128)tensor.Count + (tensor.IsContiguous ? 0 : tensor.Span)) * tensor.Storage.Type.InMemory().Size();
}
