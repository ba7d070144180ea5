namespace SpGpu.Gpu;

/// <summary>
/// A convolution whose filter and bias are tensors that change from run to run, as in training. Formula as
/// <see cref="Convolution"/>.
/// <para>Inputs: x (N,C,H,W), the filter (O,C/groups,kh,kw), with bias also b (1,O,1,1). Output: N,O,H',W'.</para>
/// </summary>
/// <param name="Forward">The convolution, without epilogue.</param>
/// <param name="HasBias">Whether it has a bias.</param>
public sealed record TrainableConvolution(Convolution Forward, bool HasBias) : Specification
{
    /// <inheritdoc/>
    public override string Name => Forward.Name;

    /// <inheritdoc/>
    public override Shape[] Infer(ReadOnlySpan<Shape> inputs)
    {
        Require(inputs, HasBias ? 3 : 2);
        RequireSame(Filter(Forward), inputs[1], "the filter");
        if (HasBias)
            RequireSame(new Shape(1, Forward.OutChannels, 1, 1), inputs[2], "the bias");
        return [Output(Forward, inputs[0])];
    }

    /// <inheritdoc/>
    public override long Operations(ReadOnlySpan<Shape> inputs) =>
        2 * Infer(inputs)[0].Count * Forward.GroupChannels * Forward.Kernel.Height * Forward.Kernel.Width;

    /// <summary>The shape of a convolution's filter.</summary>
    internal static Shape Filter(Convolution convolution) =>
        new(convolution.OutChannels, convolution.GroupChannels, convolution.Kernel.Height, convolution.Kernel.Width);

    /// <summary>The shape of a convolution's output.</summary>
    internal static Shape Output(Convolution convolution, Shape input)
    {
        if (convolution.Epilogue != Epilogue.None || convolution.ExpandAddRelu)
            throw new ShapeException(
                $"{convolution.Name}: a convolution in training has no epilogue and makes nothing on load; use operators of their own");
        return convolution.Infer([input])[0];
    }

    /// <inheritdoc/>
    private protected override string Describe() => $"trainable {Forward}{(HasBias ? " bias" : "")}";
}
