namespace SpGpu.Gpu;

/// <summary>
/// The class of each pixel: the first largest channel of x, interpolated as <see cref="Gpu.Bilinear"/> does, without
/// storing classes x H' x W' floats. NaN is never the largest; where all are NaN the class is 0.
/// <para>Input: x (N,C,H,W), C at most 256. Output: N,1,H',W' of bytes.</para>
/// </summary>
/// <param name="Output">The size of the label map.</param>
/// <param name="Rule">Where its pixels lie in the planes of x.</param>
public sealed record ArgMaxUpsampled(Size2D Output, ResizeRule Rule = ResizeRule.CornerAligned) : Specification
{
    /// <inheritdoc/>
    public override string Name => "arg-max of upsampled logits";

    /// <inheritdoc/>
    public override DataType OutputType => DataType.UInt8;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (inputs[0].C > 256)
            throw new ShapeException($"{Name}: {inputs[0].C} classes do not fit a byte; at most 256 can be told apart");
        if (Output.Height < 1 || Output.Width < 1)
            throw new ShapeException($"{Name}: an output of {Output} is empty");
        return [new Shape(inputs[0].N, 1, Output.Height, Output.Width)];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => Infer(inputs)[0].Count * inputs[0].C * 8;

    /// <inheritdoc/>
    private protected override string Describe() => $"arg-max upsampled to {Output}{Rule.Suffix()}";
}
