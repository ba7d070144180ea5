namespace SpGpu.Gpu;

/// <summary>
/// A step of stochastic gradient descent, as PyTorch's SGD without dampening or Nesterov: with g = gradient +
/// decay * p, <c>m = momentum * m + g</c>, <c>p = p - rate * m</c>; the gradient becomes zero, ready for the next step.
/// Momenta start at zero.
/// <para>Input: the learning rate (1,1,1,1). Outputs: parameters p, gradients, momenta m, all updated (1,1,1,n
/// each).</para>
/// </summary>
/// <param name="Length">n.</param>
/// <param name="Momentum">The momentum.</param>
/// <param name="WeightDecay">The decay.</param>
public sealed record SgdStep(int Length, float Momentum, float WeightDecay) : Specification
{
    /// <inheritdoc/>
    public override string Name => "sgd step";

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        RequireSame(new Shape(1, 1, 1, 1), inputs[0], "the learning rate");
        Shape all = new Shape(1, 1, 1, Length).Checked($"the parameters of {Name}");
        return [all, all, all];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => 5L * Length;

    /// <inheritdoc/>
    private protected override string Describe() =>
        FormattableString.Invariant($"{Name} of {Length} momentum {Momentum} decay {WeightDecay}");
}
