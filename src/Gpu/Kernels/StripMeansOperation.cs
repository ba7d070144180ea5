namespace SpGpu.Gpu.Kernels;

/// <summary>The mean over W is the sum over W divided by W; likewise that over H.</summary>
internal sealed class StripMeansOperation(KernelDevice device, StripMeans means, Shape input)
    : StripSumsOperation<StripTerms.Plain>(device, input, means.OverWidth, means.OverHeight)
{
    public override string Variant => InOneRead ? "strip means, one read" : "strip means";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor x = ref inputs[0];
        Sum(x, x, x, x, outputs[0], outputs[^1], x.Shape.W, x.Shape.H);
    }
}
