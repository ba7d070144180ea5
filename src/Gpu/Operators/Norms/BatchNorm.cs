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
    internal override (Int128 Weights, int Biases)? PackedLengths => (Channels, Channels);

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

/// <summary>
/// The gradients of <see cref="BatchNormTransform"/>. With g = gamma / sqrt(variance + eps), xh = (x - mean) /
/// sqrt(variance + eps) and means over N,H,W:
/// <c>dx = g * (dy - mean(dy) - xh * mean(dy * xh))</c> where mean and variance are those of the batch,
/// <c>dx = g * dy</c> where they are frozen; <c>dgamma[c] += sum(dy * xh)</c>, <c>dbeta[c] += sum(dy)</c>.
/// <para>Inputs: dy (N,C,H,W), x (N,C,H,W), mean, variance and gamma (1,C,1,1 each). Outputs: dx (N,C,H,W), dgamma and
/// dbeta (1,C,1,1 each, updated).</para>
/// </summary>
/// <param name="Frozen">Whether mean and variance are constants (running statistics).</param>
public sealed record BatchNormGradient(bool Frozen) : Specification
{
    /// <inheritdoc/>
    public override string Name => Frozen ? "frozen batch norm gradient" : "batch norm gradient";

    /// <inheritdoc/>
    public override bool Updates(int output) => output > 0;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 5);
        RequireSame(inputs[0], inputs[1], "x");
        var channels = new Shape(1, inputs[0].C, 1, 1);
        for (int i = 2; i < inputs.Length; i++)
            RequireSame(channels, inputs[i], "a value a channel");
        return [inputs[0], channels, channels];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 9;
}
