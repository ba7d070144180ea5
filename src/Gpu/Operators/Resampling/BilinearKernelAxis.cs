namespace SpGpu.Gpu.Kernels;

/// <summary>
/// One axis of an interpolation with aligned corners: position i of the output lies at i * step of the input, between
/// <see cref="Sample.First"/> and <see cref="Sample.Second"/>.
/// </summary>
internal readonly struct BilinearKernelAxis(int input, int output)
{
    private readonly float _step = CornerAlignedBilinear.Step(input, output);

    /// <summary>Elements of the input along the axis.</summary>
    public readonly int Input = input;

    /// <summary>Where output i reads.</summary>
    public Sample At(int i)
    {
        float position = i * _step;
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
