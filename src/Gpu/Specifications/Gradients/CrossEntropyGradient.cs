namespace SpGpu.Gpu;

/// <summary>
/// The gradient of <see cref="CrossEntropy"/> by its logits, times a factor:
/// <c>dx = factor * up^T(w[t] * (softmax(up(x)) - onehot(t)) / (sum of w[t]))</c> with zero at ignored pixels; up^T as
/// <see cref="BilinearGradient"/>. All zero where every pixel is ignored or the weights' sum is zero.
/// <para>Inputs: x (N,C,h,w), the labels t (N,1,H,W bytes), both results of <see cref="CrossEntropy"/> (1,1,1,2 and
/// N,1,H,W), and with class weights w (1,C,1,1). Output: dx, N,C,h,w.</para>
/// </summary>
/// <param name="Forward">The loss.</param>
/// <param name="Factor">The loss's share in what is minimised, such as 0.4 for an auxiliary head.</param>
public sealed record CrossEntropyGradient(CrossEntropy Forward, float Factor) : Specification
{
    /// <inheritdoc/>
    public override string Name => "cross entropy gradient";

    /// <inheritdoc/>
    public override DataType TypeOf(int input) => Forward.TypeOf(input);

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, Forward.Weighted ? 5 : 4);
        Shape[] results = Forward.Infer(Forward.Weighted ? [inputs[0], inputs[1], inputs[4]] : inputs[..2]);
        RequireSame(results[0], inputs[2], "the loss");
        RequireSame(results[1], inputs[3], "the logarithm of the sum");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[1].Count * inputs[0].C * 20;
}
