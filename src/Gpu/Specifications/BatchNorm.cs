namespace SpGpu.Gpu;

/// <summary>
/// Batch normalisation on running statistics, as one multiply-add a channel: <c>y = weight[c] * x + bias[c]</c> with
/// weight = gamma / sqrt(variance + eps) and bias = beta - mean * weight, which <see cref="Fold"/> computes.
/// <para>Input: x (N,C,H,W). Output: N,C,H,W.</para>
/// </summary>
/// <param name="Channels">C.</param>
public sealed record BatchNorm(int Channels) : Specification
{
    /// <summary>PyTorch's default eps.</summary>
    public const double Epsilon = 1e-5;

    /// <inheritdoc/>
    public override string Name => "batch norm";

    /// <summary>The factor and the offset of a channel, from its parameters and running statistics.</summary>
    public static (double Weight, double Bias) Fold(float gamma, float beta, float mean, float variance)
    {
        double weight = gamma / Math.Sqrt(variance + Epsilon);
        return (weight, beta - mean * weight);
    }

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (inputs[0].C != Channels)
            throw new ShapeException($"{Name} is for {Channels} channels, its input has {inputs[0].C} ({inputs[0]})");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => 2 * inputs[0].Count;
}
