namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Where a tensor lies in its block. Kernels take the whole block and this: a view that starts in the middle would be
/// assumed to be aligned like a whole one.
/// </summary>
internal readonly struct Place(in Tensor tensor)
{
    private readonly int _offset = tensor.Offset;
    private readonly int _batchStride = tensor.BatchStride;

    /// <summary>The first element of image n.</summary>
    public int Image(int n) => _offset + n * _batchStride;
}
