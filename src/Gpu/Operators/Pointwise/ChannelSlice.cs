namespace SpGpu.Gpu;

/// <summary>
/// Some neighbouring channels, <c>y[n,c] = x[n, first + c]</c>: the gradient of <see cref="Concat"/> by one of its inputs.
/// <para>Input: x (N,C,H,W). Output: N,count,H,W.</para>
/// </summary>
/// <param name="First">The first channel.</param>
/// <param name="Count">How many.</param>
public sealed record ChannelSlice(int First, int Count) : Specification
{
    /// <inheritdoc/>
    public override string Name => "channel slice";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (First < 0 || Count < 1 || (long)First + Count > inputs[0].C)
            throw new ShapeException(
                $"{Name}: {Count} channels from {First} on are not within {inputs[0]}; its channels are 0 to {inputs[0].C - 1}");
        return [inputs[0] with { C = Count }];
    }

    /// <inheritdoc/>
    public override long Bytes(ReadOnlySpan<Shape> inputs) => 8 * Infer(inputs)[0].Count;

    /// <inheritdoc/>
    private protected override string Describe() => FormattableString.Invariant($"{Name} {First}+{Count}");
}
