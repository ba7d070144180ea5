namespace SpGpu.Gpu;

/// <summary>What <see cref="Pointwise"/> does to each element.</summary>
public enum PointwiseKind
{
    /// <summary>y = x.</summary>
    Copy,

    /// <summary>y = max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>y = 1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>y = x * P(x), P(x) the share of a standard normal distribution below x: (1 + erf(x / sqrt 2)) / 2.</summary>
    Gelu,

    /// <summary>y = x1 + x2.</summary>
    Add,

    /// <summary>y = x1 * x2.</summary>
    Multiply,

    /// <summary>The gradient of relu: y = x1 where x2 &gt; 0, else 0; x1 is the gradient of relu's result x2.</summary>
    ReluGradient,

    /// <summary>The gradient of the sigmoid: y = x1 * x2 * (1 - x2); x1 is the gradient of the sigmoid's result x2.</summary>
    SigmoidGradient,

    /// <summary>
    /// The gradient of gelu: y = x1 * (P(x2) + x2 * e^(-x2^2 / 2) / sqrt(2 pi)); x1 is the gradient of gelu's result for x2.
    /// </summary>
    GeluGradient,
}

/// <summary>
/// One function of each element on its own.
/// <para>Inputs: one tensor, or two of the same shape from add onwards. Output: that shape.</para>
/// </summary>
/// <param name="Kind">The function.</param>
public sealed record Pointwise(PointwiseKind Kind) : Specification
{
    /// <inheritdoc/>
    public override string Name => Kind switch
    {
        PointwiseKind.Copy => "copy",
        PointwiseKind.Relu => "relu",
        PointwiseKind.Sigmoid => "sigmoid",
        PointwiseKind.Gelu => "gelu",
        PointwiseKind.Add => "add",
        PointwiseKind.Multiply => "multiply",
        PointwiseKind.ReluGradient => "relu gradient",
        PointwiseKind.SigmoidGradient => "sigmoid gradient",
        _ => "gelu gradient",
    };

    /// <summary>Whether the function takes two tensors.</summary>
    public bool IsBinary => Kind >= PointwiseKind.Add;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, IsBinary ? 2 : 1);
        if (IsBinary)
            RequireSame(inputs[0], inputs[1], "the second input");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * (Kind switch
    {
        PointwiseKind.Copy => 0,
        PointwiseKind.Sigmoid => 4,
        PointwiseKind.SigmoidGradient => 3,
        PointwiseKind.Gelu => 16,
        PointwiseKind.GeluGradient => 20,
        _ => 1,
    });
}
