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

    /// <summary>y = x1 + x2.</summary>
    Add,

    /// <summary>y = x1 * x2.</summary>
    Multiply,
}

/// <summary>
/// One function of each element on its own.
/// <para>Inputs: one tensor, or two of the same shape for add and multiply. Output: that shape.</para>
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
        PointwiseKind.Add => "add",
        _ => "multiply",
    };

    /// <summary>Whether the function takes two tensors.</summary>
    public bool IsBinary => Kind is PointwiseKind.Add or PointwiseKind.Multiply;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, IsBinary ? 2 : 1);
        if (IsBinary)
            RequireSame(inputs[0], inputs[1], "the second input");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) =>
        inputs[0].Count * (Kind switch { PointwiseKind.Copy => 0, PointwiseKind.Sigmoid => 4, _ => 1 });
}
