namespace SpGpu.Gpu;

/// <summary>
/// PyTorch's AdaptiveAvgPool2d: output (i,j) is the mean over rows [floor(i*H/O), ceil((i+1)*H/O)) and the columns
/// likewise. Bins overlap where H is not a multiple of O and repeat pixels where O is larger than H.
/// <para>Input: x (N,C,H,W). Output: N,C,O.Height,O.Width.</para>
/// </summary>
/// <param name="Output">O, the size of the output plane.</param>
public sealed record AdaptiveAveragePool(Size2D Output) : Specification
{
    /// <inheritdoc/>
    public override string Name => "adaptive average pool";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Output.Height < 1 || Output.Width < 1)
            throw new ShapeException($"{Name}: an output of {Output} is empty");
        return [inputs[0] with { H = Output.Height, W = Output.Width }];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count;

    /// <inheritdoc/>
    private protected override string Describe() => $"{Name} to {Output}";
}

/// <summary>
/// The gradient of <see cref="AdaptiveAveragePool"/>: dx at a pixel is the sum, over the bins that hold it, of dy of the
/// bin divided by the bin's number of pixels.
/// <para>Input: dy (N,C,O.Height,O.Width). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Plane">H and W.</param>
public sealed record AdaptiveAveragePoolGradient(Size2D Plane) : Specification
{
    /// <inheritdoc/>
    public override string Name => "adaptive average pool gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [(inputs[0] with { H = Plane.Height, W = Plane.Width }).Checked($"the output of {Name}")];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => 2 * Math.Max(inputs[0].Count, Infer(inputs)[0].Count);

    /// <inheritdoc/>
    private protected override string Describe() => $"{Name} to {Plane}";
}
