namespace SpGpu.Gpu.Simd;

/// <summary>Address, stride and shape of a tensor.</summary>
internal readonly unsafe struct View(float* floats, byte* bytes, int batchStride, Shape shape)
{
    public readonly float* Floats = floats;
    public readonly byte* Bytes = bytes;
    public readonly int BatchStride = batchStride;
    public readonly Shape Shape = shape;

    /// <summary>The plane of channel c of image n.</summary>
    public float* Plane(int n, int c) => Floats + (long)n * BatchStride + (long)c * Shape.Plane;

    /// <summary>Plane number <paramref name="index"/> counted over images and channels.</summary>
    public float* Plane(int index)
    {
        int n = index / Shape.C;
        return Plane(n, index - n * Shape.C);
    }
}
