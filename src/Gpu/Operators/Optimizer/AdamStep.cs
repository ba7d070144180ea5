namespace SpGpu.Gpu;

/// <summary>
/// A step of Adam, as PyTorch's without AMSGrad; the weight decay is part of the gradient: with g = gradient + decay * p,
/// <c>m = beta1 * m + (1 - beta1) * g</c>, <c>v = beta2 * v + (1 - beta2) * g^2</c>,
/// <c>p = p - step * m / (root * sqrt(v) + epsilon)</c>; the gradient becomes zero, ready for the next step. Moments m and v
/// start at zero, and <see cref="Corrections"/> makes up for it.
/// <para>Input: step and root (1,1,1,2). Outputs: parameters p, gradients, moments m and v, all updated (1,1,1,n each); v is
/// not negative.</para>
/// </summary>
/// <param name="Length">n.</param>
/// <param name="Beta1">What a step leaves of the first moment, from 0 and below 1.</param>
/// <param name="Beta2">What a step leaves of the second moment, from 0 and below 1.</param>
/// <param name="Epsilon">What keeps the quotient finite, above 0.</param>
/// <param name="WeightDecay">The decay.</param>
public sealed record AdamStep(int Length, float Beta1, float Beta2, float Epsilon, float WeightDecay) : Specification
{
    /// <inheritdoc/>
    public override string Name => "adam step";

    /// <summary>
    /// The input: the learning rate over 1 - beta1^t, and the root of 1 / (1 - beta2^t).
    /// </summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="step">t, the steps so far and this one: 1 for the first.</param>
    public (float Step, float Root) Corrections(float rate, long step) =>
        ((float)(rate / (1 - Math.Pow(Beta1, step))), (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step))));

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        RequireSame(new Shape(1, 1, 1, 2), inputs[0], "step and root");
        Shape all = new Shape(1, 1, 1, Length).Checked($"the parameters of {Name}");
        return [all, all, all, all];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => 14L * Length;

    /// <inheritdoc/>
    private protected override string Describe() =>
        FormattableString.Invariant($"{Name} of {Length} betas {Beta1} {Beta2} epsilon {Epsilon} decay {WeightDecay}");
}
