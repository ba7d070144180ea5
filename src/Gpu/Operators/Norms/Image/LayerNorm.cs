namespace SpGpu.Gpu;

/// <summary>
/// Layer normalisation over channels, each pixel by itself (Ba, Kiros and Hinton, 2016, arXiv 1607.06450):
/// <c>y[c] = (x[c] - mean) / sqrt(variance + eps)</c>, mean and biased variance those of the pixel's channels, eps as
/// <see cref="BatchNorm.Epsilon"/>. Its factors and offsets are those of a depthwise 1x1 convolution behind it.
/// <para>Input: x (N,C,H,W). Output: N,C,H,W.</para>
/// </summary>
public sealed record LayerNorm : Specification
{
    /// <inheritdoc/>
    public override string Name => "layer norm";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 6;
}

/// <summary>
/// The gradient of <see cref="LayerNorm"/>: with xh its result for x and means over the pixel's channels,
/// <c>dx = (dy - mean(dy) - xh * mean(dy * xh)) / sqrt(variance + eps)</c>.
/// <para>Inputs: dy and x (N,C,H,W each). Output: dx, N,C,H,W.</para>
/// </summary>
public sealed record LayerNormGradient : Specification
{
    /// <inheritdoc/>
    public override string Name => "layer norm gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(inputs[0], inputs[1], "x");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 13;
}
