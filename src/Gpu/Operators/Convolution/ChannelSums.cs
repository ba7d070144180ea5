namespace SpGpu.Gpu;

/// <summary>
/// The gradient of a convolution by its bias, added to what there is: <c>db[c] += sum over n,h,w of dy[n,c,h,w]</c>.
/// <para>Input: dy (N,C,H,W). Output: db (1,C,1,1), updated.</para>
/// </summary>
public sealed record ChannelSums : Specification
{
    /// <inheritdoc/>
    public override string Name => "channel sums";

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        return [new Shape(1, inputs[0].C, 1, 1)];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count;
}
