namespace SpGpu.Gpu;

/// <summary>
/// The gradient of a convolution by its input: <c>dx[n,c,y,x] = sum over o,u,v of w[o,c,u,v] * dy[n,o,i,j]</c> over the
/// (i,j) with i*s-p+u*d = y and j*s-p+v*d = x.
/// <para>Inputs: dy (N,O,H',W'), the filter (O,C/groups,kh,kw). Output: dx, N,C,H,W.</para>
/// </summary>
/// <param name="Forward">The convolution, without epilogue.</param>
/// <param name="Plane">H and W, which H' and W' do not tell where the stride is not 1.</param>
public sealed record ConvolutionInputGradient(Convolution Forward, Size2D Plane) : Specification
{
    /// <inheritdoc/>
    public override string Name => $"{Forward.Name} input gradient";

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        Shape input = new(inputs[0].N, Forward.InChannels, Plane.Height, Plane.Width);
        RequireSame(TrainableConvolution.Output(Forward, input), inputs[0], "the gradient of the output");
        RequireSame(TrainableConvolution.Filter(Forward), inputs[1], "the filter");
        return [input];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) =>
        2 * inputs[0].Count * Forward.GroupChannels * Forward.Kernel.Height * Forward.Kernel.Width;

    /// <inheritdoc/>
    private protected override string Describe() => $"input gradient of {Forward} to {Plane}";
}
