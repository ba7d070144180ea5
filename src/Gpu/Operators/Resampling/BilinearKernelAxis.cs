namespace SpGpu.Gpu.Kernels;

/// <summary>
/// One axis of a bilinear interpolation: an output lies between <see cref="Sample.First"/> and <see cref="Sample.Second"/> of
/// the input, or on the last pixel.
/// </summary>
internal readonly struct BilinearKernelAxis(int input, int output, ResizeRule rule)
{
    private readonly ResizeLine _line = new(input, output, rule);

    /// <summary>Elements of the input along the axis.</summary>
    public readonly int Input = input;

    /// <summary>Where output i reads.</summary>
    public Sample At(int i)
    {
        float position = _line.At(i);
        int first = KernelMath.Min((int)position, Input - 1);
        return new(first, KernelMath.Min(first + 1, Input - 1), position - first);
    }

    /// <summary>Two neighbours and the weight of the second.</summary>
    internal readonly struct Sample(int first, int second, float weight)
    {
        public readonly int First = first;
        public readonly int Second = second;
        public readonly float Weight = weight;
    }
}
