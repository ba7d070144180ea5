namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Where a tensor lies in its block. Kernels take the whole block and this: a view that starts in the middle would be
/// assumed to be aligned like a whole one.
/// </summary>
internal readonly struct Place(int offset, int batchStride)
{
    private readonly int _offset = offset;
    private readonly int _batchStride = batchStride;

    /// <summary>The place of a tensor.</summary>
    public Place(in Tensor tensor)
        : this(tensor.Offset, tensor.BatchStride)
    {
    }

    /// <summary>The first element of image n.</summary>
    public int Image(int n) => _offset + n * _batchStride;
}
