namespace SpGpu.Gpu;

/// <summary>
/// Carries running statistics on, as PyTorch's BatchNorm2d does: <c>r = (1 - m) * r + m * batch</c> with m = 0.1; the
/// variance of the batch is made unbiased first, times n / (n - 1).
/// <para>Inputs: the mean and the biased variance of the batch. Outputs: the running mean and variance, updated. All
/// 1,C,1,1.</para>
/// </summary>
/// <param name="Count">n, the values of a channel in the batch: N*H*W, at least 2.</param>
public sealed record RunningStatistics(int Count) : Specification
{
    /// <summary>m.</summary>
    public const float Momentum = 0.1f;

    /// <inheritdoc/>
    public override string Name => "running statistics";

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        if (Count < 2)
            throw new ShapeException($"{Name}: {Count} values a channel have no variance; {BatchStatistics.MoreValues}");
        RequireSame(new Shape(1, inputs[0].C, 1, 1), inputs[0], "the mean");
        RequireSame(inputs[0], inputs[1], "the variance");
        return [inputs[0], inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 7;

    /// <inheritdoc/>
    private protected override string Describe() => FormattableString.Invariant($"{Name} of {Count}");
}
