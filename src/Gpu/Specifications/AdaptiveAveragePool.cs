namespace SpGpu.Gpu;

/// <summary>
/// PyTorch's AdaptiveAvgPool2d: output (i,j) is the mean over rows [floor(i*H/O), ceil((i+1)*H/O)) and the columns
/// likewise. Bins overlap where H is not a multiple of O and repeat pixels where O is larger than H.
/// <para>Input: x (N,C,H,W). Output: N,C,O.Height,O.Width.</para>
/// </summary>
/// <param name="Output">O, the size of the output plane.</param>
public sealed record AdaptiveAveragePool(Size2D Output) : Specification
{
    /// <inheritdoc/>
    public override string Name => "adaptive average pool";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 1);
        if (Output.Height < 1 || Output.Width < 1)
            throw new ShapeException($"{Name}: an output of {Output} is empty");
        return [inputs[0] with { H = Output.Height, W = Output.Width }];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) => inputs[0].Count;
}
