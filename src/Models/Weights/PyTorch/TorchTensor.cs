namespace SpGpu.Models.Weights.PyTorch;

/// <summary>A block of elements in a checkpoint, which tensors share.</summary>
internal sealed record TorchStorage(string Key, ElementType Type, long Count)
{
    public long Bytes => Count * Type.Size();
}

/// <summary>A part of a storage; the whole of it save in old checkpoints.</summary>
internal sealed record TorchStorageView(TorchStorage Storage, long Start, long Count);

/// <summary>A tensor that was not loaded yet: where in its storage its elements lie.</summary>
internal sealed class TorchTensor
{
    private TorchTensor(TorchStorage storage, long start, int[] shape, long[] strides, int count, long span)
    {
        Storage = storage;
        Start = start;
        Shape = shape;
        Strides = strides;
        Count = count;
        Span = span;
    }

    public TorchStorage Storage { get; }

    /// <summary>The place in the storage of the first element.</summary>
    public long Start { get; }

    public int[] Shape { get; }

    public long[] Strides { get; }

    /// <summary>The number of elements.</summary>
    public int Count { get; }

    /// <summary>The elements of the storage from the first that the tensor uses to the last.</summary>
    public long Span { get; }

    /// <summary>Whether the elements lie one after another, so that they can be read in one go.</summary>
    public bool IsContiguous
    {
        get
        {
            long stride = 1;
            for (int axis = Shape.Length - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != stride)
                    return false;
                stride *= Shape[axis];
            }
            return true;
        }
    }

    /// <summary>Makes a tensor, or null where sizes or strides are impossible or leave the storage.</summary>
    public static TorchTensor? Create(TorchStorageView view, long offset, long[] sizes, long[] strides)
    {
        if (TensorShape.Check(sizes) is not (int[] shape, int count))
            return null;
        if (offset < 0 || offset > view.Count || strides.Length != sizes.Length || strides.Any(stride => stride < 0))
            return null;
        if (count == 0)
            return new TorchTensor(view.Storage, view.Start, shape, strides, 0, 0);
        // 128 bits hold the sum of 64 products of a 31-bit and a 63-bit number.
        Int128 span = 1;
        for (int axis = 0; axis < shape.Length; axis++)
            span += (Int128)(shape[axis] - 1) * strides[axis];
        return offset + span > view.Count ? null
            : new TorchTensor(view.Storage, view.Start + offset, shape, strides, count, (long)span);
    }
}
