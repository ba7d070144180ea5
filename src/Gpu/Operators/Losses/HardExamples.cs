namespace SpGpu.Gpu;

/// <summary>
/// Online hard example mining: label maps with the easy pixels ignored. With p the softmax probability of a pixel's own
/// class (logits interpolated as <see cref="CrossEntropy"/> does) and V the number of pixels that count in the whole
/// batch: if <paramref name="MinKept"/> is at least V all stay; else those with p &lt;= T stay, T = threshold, or the
/// MinKept-th smallest p where MinKept &gt; 0 and that is larger. Formula as in the official loss (util/loss.py), but a
/// pixel whose p is NaN stays, so that the loss shows it.
/// <para>Inputs: x (N,C,h,w), the labels (N,1,H,W bytes), lse (N,1,H,W) from <see cref="CrossEntropy"/>. Output: labels
/// (N,1,H,W bytes).</para>
/// </summary>
/// <param name="Threshold">The largest probability that counts as hard.</param>
/// <param name="MinKept">The pixels that stay at least.</param>
/// <param name="Ignored">The label of pixels that do not count.</param>
/// <param name="Rule">The rule of the interpolation.</param>
public sealed record HardExamples(
    float Threshold = 0.7f, int MinKept = 100_000, byte Ignored = 255, ResizeRule Rule = ResizeRule.CornerAligned) : Specification
{
    /// <inheritdoc/>
    public override string Name => "hard examples";

    /// <inheritdoc/>
    public override DataType TypeOf(int input) => input == 1 ? DataType.UInt8 : DataType.Float32;

    /// <inheritdoc/>
    public override DataType OutputType => DataType.UInt8;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 3);
        if (inputs[0].C > 256)
            throw new ShapeException($"{Name}: {inputs[0].C} classes do not fit a byte; at most 256 can be told apart");
        if (MinKept < 0)
            throw new ShapeException($"{Name}: {MinKept} pixels to keep; give 0 or more");
        RequireSame(inputs[1] with { N = inputs[0].N, C = 1 }, inputs[1], "the label map");
        RequireSame(inputs[1], inputs[2], "the logarithm of the sum");
        return [inputs[1]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[1].Count * 12;

    /// <inheritdoc/>
    private protected override string Describe() =>
        FormattableString.Invariant($"{Name} below {Threshold} at least {MinKept} ignore {Ignored}{Rule.Suffix()}");
}
