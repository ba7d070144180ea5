namespace SpGpu.Gpu;

/// <summary>
/// Pixels to network input: <c>y[n,c,h,w] = (x[n,h,w,c] - mean[c]) / deviation[c]</c>.
/// <para>Input: N,3,H,W of bytes, the three of a pixel together. Output: N,3,H,W of floats.</para>
/// </summary>
/// <param name="Colours">Mean and deviation of each channel.</param>
public sealed record NormalizeRgb(ColourStatistics Colours) : Specification
{
    /// <inheritdoc/>
    public override string Name => "normalize rgb";

    /// <inheritdoc/>
    public override DataType TypeOf(int input) => DataType.UInt8;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (inputs[0].C != 3)
            throw new ShapeException($"{Name} takes three channels, its input has {inputs[0].C}");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count * 2;
}
