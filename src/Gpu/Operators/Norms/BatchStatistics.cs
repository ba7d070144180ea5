namespace SpGpu.Gpu;

/// <summary>
/// The mean and the biased variance of each channel over N, H and W, as PyTorch's BatchNorm2d takes them in training:
/// <c>mean[c] = sum(x) / n</c>, <c>variance[c] = sum((x - mean[c])^2) / n</c>, n = N*H*W, which must be at least 2.
/// <para>Input: x (N,C,H,W). Outputs: mean, variance (1,C,1,1 each).</para>
/// </summary>
public sealed record BatchStatistics : Specification
{
    /// <summary>What gives a channel more than one value in a batch.</summary>
    internal const string MoreValues = "use a larger batch, larger images (unless it is a mean over all pixels), or freeze_bn";

    /// <inheritdoc/>
    public override string Name => "batch statistics";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (inputs[0] is { N: 1, Plane: 1 })
            throw new ShapeException($"{Name}: one value a channel ({inputs[0]}) has no variance; {MoreValues}");
        var channels = new Shape(1, inputs[0].C, 1, 1);
        return [channels, channels];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 4;
}
