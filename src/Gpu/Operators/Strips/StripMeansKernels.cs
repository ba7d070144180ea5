namespace SpGpu.Gpu.Kernels;

/// <summary>The mean over W is the sum over W divided by W; likewise that over H.</summary>
internal sealed class StripMeansKernels(KernelDevice device, StripMeans means) : StripSums<StripTerms.Plain>(device)
{
    public override string Variant => means.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor x = ref inputs[0];
        Sum(x, x, x, x, x, outputs[0], outputs[^1], means.OverWidth ? x.Shape.W : 0f, means.OverHeight ? x.Shape.H : 0f);
    }
}

/// <summary>dx = expand(da) / W + expand(db) / H, da N,C,H,1, db N,C,1,W, or one of the two.</summary>
internal sealed class StripMeansGradientKernels<TFunction>(KernelDevice device, string name) : StripMap<TFunction>(device, name)
    where TFunction : struct, IStripFunction
{
    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) =>
        Map(outputs[0], inputs[0], inputs[^1], outputs[0], 1f / outputs[0].Shape.W, 1f / outputs[0].Shape.H);
}
