namespace SpGpu.Gpu;

/// <summary>
/// PyTorch's AvgPool2d with count_include_pad: the sum under the window over k * k; padding counts as zeros.
/// <para>Input: x (N,C,H,W). Output: N,C,H',W' with H' = floor((H + 2p - k) / s) + 1, likewise W'.</para>
/// </summary>
/// <param name="Kernel">k.</param>
/// <param name="Stride">s.</param>
/// <param name="Padding">p, at most half of k.</param>
public sealed record AveragePool(int Kernel, int Stride, int Padding) : Specification
{
    /// <inheritdoc/>
    public override string Name => FormattableString.Invariant($"average pool {Kernel}x{Kernel}");

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Kernel < 1 || Stride < 1 || Padding < 0 || 2 * Padding > Kernel)
            throw new ShapeException($"{Name}: stride {Stride} must be positive and padding {Padding} at most half the kernel");
        Shape x = inputs[0];
        if (x.H + 2 * Padding < Kernel || x.W + 2 * Padding < Kernel)
            throw new ShapeException($"{Name}: an input of {x} is smaller than the window; use a larger image");
        return [x with { H = (x.H + 2 * Padding - Kernel) / Stride + 1, W = (x.W + 2 * Padding - Kernel) / Stride + 1 }];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Infer(inputs)[0].Count * Kernel * Kernel;

    /// <inheritdoc/>
    private protected override string Describe() => FormattableString.Invariant($"{Name} s{Stride} p{Padding}");
}

/// <summary>
/// The gradient of <see cref="AveragePool"/>: dx at an element is the sum of dy of the windows over it, over k * k.
/// <para>Input: dy (N,C,H',W'). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Forward">The pool.</param>
/// <param name="Plane">H and W.</param>
public sealed record AveragePoolGradient(AveragePool Forward, Size2D Plane) : Specification
{
    /// <inheritdoc/>
    public override string Name => $"{Forward.Name} gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        Shape x = (inputs[0] with { H = Plane.Height, W = Plane.Width }).Checked($"the output of {Name}");
        RequireSame(Forward.Infer([x])[0], inputs[0], "the gradient of the output");
        return [x];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * Forward.Kernel * Forward.Kernel;

    /// <inheritdoc/>
    private protected override string Describe() => $"gradient of {Forward} to {Plane}";
}
