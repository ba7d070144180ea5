namespace SpGpu.Gpu;

/// <summary>
/// Pixels to network input: <c>y[n,c,h,w] = (x[n,h,w,c] - mean[c]) / std[c]</c> with the ImageNet values on the
/// scale 0 to 255 that SPNet is trained with; optionally mirrored left to right.
/// <para>Input: N,3,H,W of bytes, the three of a pixel together. Output: N,3,H,W of floats.</para>
/// </summary>
/// <param name="Mirrored">Whether column w reads column W - 1 - w.</param>
public sealed record NormalizeRgb(bool Mirrored = false) : Specification
{
    /// <summary>The mean of red, green and blue.</summary>
    public static IReadOnlyList<float> Mean { get; } = [123.675f, 116.28f, 103.53f];

    /// <summary>The standard deviation of red, green and blue.</summary>
    public static IReadOnlyList<float> Deviation { get; } = [58.395f, 57.12f, 57.375f];

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

    /// <inheritdoc/>
    protected override string Describe() => Name + (Mirrored ? " mirrored" : "");
}
