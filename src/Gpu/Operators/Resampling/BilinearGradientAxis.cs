namespace SpGpu.Gpu.Kernels;

/// <summary>
/// One axis of the transpose of a bilinear interpolation: which outputs read an element, with what weight.
/// What they read first rises with their number, so that they are neighbours.
/// </summary>
internal readonly struct BilinearGradientAxis
{
    private readonly BilinearKernelAxis _forward;
    private readonly float _inverse;
    private readonly float _offset;

    /// <summary>Outputs of the interpolation along the axis.</summary>
    public readonly int Outputs;

    public BilinearGradientAxis(int input, int output, ResizeRule rule)
    {
        var line = new ResizeLine(input, output, rule);
        _forward = new(input, output, rule);
        _inverse = line.Step > 0f ? 1f / line.Step : output;
        _offset = line.Offset;
        Outputs = output;
    }

    /// <summary>The first output that reads element i.</summary>
    public int Begin(int i) => FirstFrom(i - 1);

    /// <summary>The output after the last one that reads element i.</summary>
    public int End(int i) => FirstFrom(i + 1);

    /// <summary>The weight with which an output reads element i.</summary>
    public float Weight(int output, int i)
    {
        BilinearKernelAxis.Sample sample = _forward.At(output);
        float first = sample.First == i ? 1f - sample.Weight : 0f;
        float second = sample.Second == i ? sample.Weight : 0f;
        return first + second;
    }

    /// <summary>
    /// The least output that reads element i or later ones first: a guess in float32, put right by what the outputs
    /// around it do read.
    /// </summary>
    private int FirstFrom(int i)
    {
        int output = KernelMath.Max(KernelMath.Min((int)((KernelMath.Max(i, 0) - _offset) * _inverse), Outputs), 0);
        while (output > 0 && _forward.At(output - 1).First >= i)
            output--;
        while (output < Outputs && _forward.At(output).First < i)
            output++;
        return output;
    }
}
