namespace SpGpu.Gpu;

/// <summary>
/// Cross-correlation with zero padding, as PyTorch's Conv2d:
/// <c>y[n,o,i,j] = epilogue(b[o] + sum over c,u,v of w[o,c,u,v] * x[n,c, i*s-p+u*d, j*s-p+v*d])</c>. With
/// <see cref="Groups"/> o reads the C / groups channels of its own group, which c counts.
/// <para>Inputs: x (N,C,H,W), or with <see cref="ExpandAddRelu"/> a (N,C,H,1) and b (N,C,1,W); then the residual
/// and the multiplier where the epilogue has them, each of the output's shape.</para>
/// <para>Output: N,O,H',W' with H' = floor((H + 2p - d(k-1) - 1) / s) + 1, likewise W'.</para>
/// </summary>
/// <param name="InChannels">C.</param>
/// <param name="OutChannels">O.</param>
/// <param name="Kernel">k.</param>
/// <param name="Stride">s.</param>
/// <param name="Padding">p.</param>
/// <param name="Dilation">d.</param>
public sealed record Convolution(
    int InChannels, int OutChannels, Size2D Kernel, Size2D Stride, Size2D Padding, Size2D Dilation) : Specification
{
    /// <summary>
    /// The groups into which the channels of input and output are cut, each convolved by itself; it divides both. The filter
    /// has the shape O, C / groups, kh, kw. As many groups as input channels make a depthwise convolution.
    /// </summary>
    public int Groups { get; init; } = 1;

    /// <summary>What happens to the sums on store.</summary>
    public Epilogue Epilogue { get; init; }

    /// <summary>The input is relu(expand(a) + expand(b)), made on load (the SPM gate, the second half of the MPM).</summary>
    public bool ExpandAddRelu { get; init; }

    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"convolution {Kernel}");

    /// <summary>Input channels of a group.</summary>
    internal int GroupChannels => InChannels / Math.Max(Groups, 1);

    /// <summary>Whether there are groups and each reads one channel.</summary>
    internal bool IsDepthwise => Groups > 1 && Groups == InChannels;

    /// <summary>One of the groups as a convolution of its own.</summary>
    internal Convolution OfOneGroup => this with { InChannels = GroupChannels, OutChannels = OutChannels / Groups, Groups = 1 };

    /// <summary>Inputs before the epilogue's: 2 with <see cref="ExpandAddRelu"/>, else 1.</summary>
    internal int SourceInputs => ExpandAddRelu ? 2 : 1;

    /// <summary>The shape of the (virtual) input x.</summary>
    internal Shape Source(ReadOnlySpan<Shape> inputs) => ExpandAddRelu ? ExpandAdd.Expanded(Name, inputs[0], inputs[1]) : inputs[0];

    /// <inheritdoc/>
    internal override (Int128 Weights, int Biases)? PackedLengths =>
        ((Int128)OutChannels * GroupChannels * Kernel.Height * Kernel.Width, OutChannels);

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        bool residual = Epilogue.HasFlag(Epilogue.Residual);
        bool multiply = Epilogue.HasFlag(Epilogue.Multiply);
        if (Epilogue.HasFlag(Epilogue.Relu) && Epilogue.HasFlag(Epilogue.Sigmoid))
            throw new ShapeException($"{Name}: an epilogue is relu or sigmoid, not both");
        if (InChannels < 1 || OutChannels < 1 || Smallest(Kernel) < 1 || Smallest(Stride) < 1 || Smallest(Dilation) < 1
            || Smallest(Padding) < 0)
            throw new ShapeException(
                $"{Name}: channels {InChannels} -> {OutChannels}, kernel {Kernel}, stride {Stride}, dilation {Dilation} must be " +
                $"positive, padding {Padding} not negative");
        if (Groups < 1 || InChannels % Groups != 0 || OutChannels % Groups != 0)
            throw new ShapeException(
                $"{Name}: {Groups} groups do not divide channels {InChannels} -> {OutChannels}; use a number that divides both");
        if (Groups > 1 && ExpandAddRelu)
            throw new ShapeException($"{Name}: with groups nothing is expanded on load; use expand-add-relu before it");
        Require(inputs, SourceInputs + (residual ? 1 : 0) + (multiply ? 1 : 0));
        Shape x = Source(inputs);
        if (x.C != InChannels)
            throw new ShapeException($"{Name} takes {InChannels} channels, its input has {x.C} ({x})");
        var output = new Shape(x.N, OutChannels,
            Extent(x.H, Kernel.Height, Stride.Height, Padding.Height, Dilation.Height),
            Extent(x.W, Kernel.Width, Stride.Width, Padding.Width, Dilation.Width));
        if (output.H < 1 || output.W < 1)
            throw new ShapeException(
                $"{Name}: an input of {x} is smaller than the kernel (dilation {Dilation}, padding {Padding}); use a larger image");
        int next = SourceInputs;
        if (residual)
            RequireSame(output, inputs[next++], "the residual");
        if (multiply)
            RequireSame(output, inputs[next], "the multiplier");
        return [output];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) =>
        2 * Infer(inputs)[0].Count * GroupChannels * Kernel.Height * Kernel.Width;

    /// <inheritdoc/>
    public override long Bytes(ReadOnlySpan<Shape> inputs) =>
        base.Bytes(inputs) + 4L * OutChannels * (GroupChannels * Kernel.Height * Kernel.Width + 1);

    /// <inheritdoc/>
    private protected override string Describe()
    {
        string text = FormattableString.Invariant(
            $"{Name} s{Short(Stride)} p{Short(Padding)} d{Short(Dilation)} {InChannels}->{OutChannels}");
        if (Groups > 1)
            text += FormattableString.Invariant($" g{Groups}");
        if (ExpandAddRelu)
            text += " expand-add-relu-on-load";
        return Epilogue == Epilogue.None
            ? text
            : $"{text} {Epilogue.ToString().ToLowerInvariant().Replace(", ", "+", StringComparison.Ordinal)}";
    }

    private static int Smallest(Size2D size) => Math.Min(size.Height, size.Width);

    private static int Extent(int input, int kernel, int stride, int padding, int dilation)
    {
        long span = input + 2L * padding - (long)dilation * (kernel - 1) - 1;
        return span < 0 ? 0 : (int)Math.Min(span / stride + 1, int.MaxValue);
    }

    private static string Short(Size2D size) =>
        size.Height == size.Width ? FormattableString.Invariant($"{size.Height}") : size.ToString();
}
