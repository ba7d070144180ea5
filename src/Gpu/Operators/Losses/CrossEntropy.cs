namespace SpGpu.Gpu;

/// <summary>
/// Softmax cross entropy, as PyTorch's CrossEntropyLoss, of logits that are first interpolated to the size of the
/// labels (<see cref="Bilinear"/>; nothing changes where the sizes are equal), without storing classes x H x W floats:
/// <c>loss = sum of w[t] * (lse - up(x)[t]) / sum of w[t]</c> over the pixels whose label t is not ignored, w = 1
/// without class weights, <c>lse = log(sum over c of e^up(x)[c])</c>. NaN where every pixel is ignored.
/// <para>Inputs: x (N,C,h,w), C at most 256; the labels t (N,1,H,W bytes), each below C or the ignored one (any other is
/// ignored too: check labels before); with class weights w (1,C,1,1). Outputs: the loss and the sum of w[t] (1,1,1,2);
/// lse of every pixel (N,1,H,W).</para>
/// </summary>
/// <param name="Ignored">The label of pixels that do not count.</param>
/// <param name="Weighted">Whether there are class weights.</param>
/// <param name="Rule">The rule of the interpolation.</param>
public sealed record CrossEntropy(
    byte Ignored = 255, bool Weighted = false, ResizeRule Rule = ResizeRule.CornerAligned) : Specification
{
    /// <inheritdoc/>
    public override string Name => "cross entropy";

    /// <inheritdoc/>
    public override DataType TypeOf(int input) => input == 1 ? DataType.UInt8 : DataType.Float32;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, Weighted ? 3 : 2);
        if (inputs[0].C > 256)
            throw new ShapeException($"{Name}: {inputs[0].C} classes do not fit a byte; at most 256 can be told apart");
        RequireSame(inputs[1] with { N = inputs[0].N, C = 1 }, inputs[1], "the label map");
        if (Weighted)
            RequireSame(new Shape(1, inputs[0].C, 1, 1), inputs[2], "the class weights");
        return [new Shape(1, 1, 1, 2), inputs[1]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[1].Count * inputs[0].C * 12;

    /// <inheritdoc/>
    private protected override string Describe() =>
        FormattableString.Invariant($"{Name}{(Weighted ? " weighted" : "")} ignore {Ignored}{Rule.Suffix()}");
}

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

    /// <inheritdoc/>
    private protected override string Describe() =>
        FormattableString.Invariant(
            $"{Name} times {Factor}{(Forward.Weighted ? " weighted" : "")} ignore {Forward.Ignored}{Forward.Rule.Suffix()}");
}
