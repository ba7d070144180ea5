using SpGpu.Layers;

namespace SpGpu.Models.Weights.PyTorch;

/// <summary>Loads the elements of tensors from the storages of a checkpoint.</summary>
internal static class TorchTensorLoader
{
    /// <summary>
    /// What tensors may read and hold together, as a multiple of the bytes of their storages and a fixed part. Tensors
    /// may share a storage, and a stride of 0 repeats elements without storing them, so a small file could otherwise
    /// ask for any amount of memory.
    /// </summary>
    private const long MaxSharing = 8, FreeBytes = 1 << 20;

    /// <summary>Loads tensors in their order, going through the storages one by one.</summary>
    public static StateDict Load(TorchArchive archive, IReadOnlyList<KeyValuePair<string, TorchTensor>> tensors)
    {
        CheckSharing(archive.Source, [.. tensors.Select(pair => pair.Value)]);
        var loaded = new HostTensor[tensors.Count];
        foreach (IGrouping<TorchStorage, int> group in
            Enumerable.Range(0, tensors.Count).GroupBy(i => tensors[i].Value.Storage))
        {
            ByteSource storage = archive.Open(group.Key);
            foreach (int i in group)
                loaded[i] = Load(storage, tensors[i].Value);
        }
        var dict = new StateDict();
        for (int i = 0; i < loaded.Length; i++)
        {
            if (!dict.TryAdd(tensors[i].Key, loaded[i]))
                throw archive.Source.Refused($"two tensors are called {Quoted.Text(tensors[i].Key)}", TorchGlobals.Remedy);
        }
        return dict;
    }

    private static void CheckSharing(ByteSource source, TorchTensor[] tensors)
    {
        long stored = tensors.Select(tensor => tensor.Storage).DistinctBy(storage => storage.Key)
            .Sum(storage => storage.Bytes);
        Int128 used = 0;
        foreach (TorchTensor tensor in tensors)
            used += (Int128)Math.Max(tensor.Count, tensor.Span) * tensor.Storage.Type.Size();
        if (used > (Int128)stored * MaxSharing + FreeBytes)
            throw source.Refused(
                $"its tensors ask for {used} bytes of storages that hold {stored}, more than {MaxSharing} times as much",
                "save the tensors as copies: tensor.clone()");
    }

    private static HostTensor Load(ByteSource storage, TorchTensor tensor)
    {
        if (!tensor.IsContiguous && tensor.Span > Array.MaxLength)
            throw storage.Refused(
                "a tensor is spread over more elements than fit in memory", "save it contiguous: tensor.contiguous()");
        ElementType type = tensor.Storage.Type;
        int length = tensor.IsContiguous ? tensor.Count : (int)tensor.Span;
        Array span = ElementReader.Read(storage, tensor.Start * type.Size(), type, length);
        if (tensor.IsContiguous)
            return ElementReader.Wrap(span, tensor.Shape);
        return ElementReader.Wrap(
            span switch
            {
                float[] floats => Gather(floats, tensor),
                long[] integers => Gather(integers, tensor),
                _ => Gather((byte[])span, tensor),
            },
            tensor.Shape);
    }

    /// <summary>Puts the elements of a strided tensor one after another.</summary>
    private static T[] Gather<T>(T[] span, TorchTensor tensor)
    {
        T[] elements = new T[tensor.Count];
        Span<int> index = stackalloc int[tensor.Shape.Length];
        long at = 0;
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = span[at];
            for (int axis = index.Length - 1; axis >= 0; axis--)
            {
                at += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis])
                    break;
                at -= tensor.Strides[axis] * tensor.Shape[axis];
                index[axis] = 0;
            }
        }
        return elements;
    }
}
