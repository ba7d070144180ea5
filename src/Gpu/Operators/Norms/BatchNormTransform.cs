namespace SpGpu.Gpu;

/// <summary>
/// Batch normalisation with all its parts as tensors: <c>y = gamma * (x - mean) / sqrt(variance + eps) + beta</c>, eps
/// as <see cref="BatchNorm.Epsilon"/>. Mean and variance are those of <see cref="BatchStatistics"/>, or running ones.
/// <para>Inputs: x (N,C,H,W), mean, variance, gamma, beta (1,C,1,1 each). Output: N,C,H,W.</para>
/// </summary>
public sealed record BatchNormTransform : Specification
{
    /// <inheritdoc/>
    public override string Name => "batch norm transform";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 5);
        var channels = new Shape(1, inputs[0].C, 1, 1);
        for (int i = 1; i < inputs.Length; i++)
            RequireSame(channels, inputs[i], "a value a channel");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 2;
}
