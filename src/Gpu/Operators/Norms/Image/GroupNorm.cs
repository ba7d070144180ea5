namespace SpGpu.Gpu;

/// <summary>
/// Group normalisation (Wu and He, ECCV 2018): <c>y = (x - mean) / sqrt(variance + eps)</c>, mean and biased variance those of
/// all pixels of a group of neighbouring channels of one image, eps as <see cref="BatchNorm.Epsilon"/>. Its factors and
/// offsets are those of a depthwise 1x1 convolution behind it.
/// <para>Input: x (N,C,H,W). Output: N,C,H,W.</para>
/// </summary>
/// <param name="Groups">The number of groups, a divisor of C.</param>
public sealed record GroupNorm(int Groups) : Specification
{
    /// <inheritdoc/>
    public override string Name => "group norm";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Groups < 1 || inputs[0].C % Groups != 0)
            throw new ShapeException($"{Name}: {Groups} groups do not divide the channels of {inputs[0]}; use a number that does");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 6;

    /// <inheritdoc/>
    private protected override string Describe() => FormattableString.Invariant($"{Name} g{Groups}");
}

/// <summary>
/// The gradient of <see cref="GroupNorm"/>: with xh its result for x and means over the group,
/// <c>dx = (dy - mean(dy) - xh * mean(dy * xh)) / sqrt(variance + eps)</c>.
/// <para>Inputs: dy and x (N,C,H,W each). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Forward">The norm.</param>
public sealed record GroupNormGradient(GroupNorm Forward) : Specification
{
    /// <inheritdoc/>
    public override string Name => "group norm gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(inputs[0], inputs[1], "x");
        return Forward.Infer(inputs[1..]);
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 13;

    /// <inheritdoc/>
    private protected override string Describe() => FormattableString.Invariant($"{Name} g{Forward.Groups}");
}
