namespace SpGpu.Gpu;

/// <summary>
/// The gradient of a convolution by its filter, added to what there is:
/// <c>dw[o,c,u,v] += sum over n,i,j of dy[n,o,i,j] * x[n,c, i*s-p+u*d, j*s-p+v*d]</c>, x zero outside of its plane.
/// <para>Inputs: dy (N,O,H',W'), x (N,C,H,W). Output: dw (O,C/groups,kh,kw), updated.</para>
/// </summary>
/// <param name="Forward">The convolution, without epilogue.</param>
public sealed record ConvolutionFilterGradient(Convolution Forward) : Specification
{
    /// <inheritdoc/>
    public override string Name => $"{Forward.Name} filter gradient";

    /// <inheritdoc/>
    public override bool Updates(int output) => true;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, 2);
        RequireSame(TrainableConvolution.Output(Forward, inputs[1]), inputs[0], "the gradient of the output");
        return [TrainableConvolution.Filter(Forward)];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) =>
        2 * inputs[0].Count * Forward.GroupChannels * Forward.Kernel.Height * Forward.Kernel.Width;

    /// <inheritdoc/>
    private protected override string Describe() => $"filter gradient of {Forward}";
}
