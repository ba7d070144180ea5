namespace SpGpu.Gpu.Kernels;

/// <summary>y = expand(a) + expand(b), or relu of it.</summary>
internal sealed class ExpandAddKernels<TFunction>(KernelDevice device, string name) : StripMap<TFunction>(device, name)
    where TFunction : struct, IStripFunction
{
    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) =>
        Map(outputs[0], inputs[0], inputs[1], outputs[0]);
}

/// <summary>da and db are the sums of dy over W and over H, with relu of those elements that it let pass.</summary>
internal sealed class ExpandAddGradientKernels<TTerm>(KernelDevice device, string name) : StripSums<TTerm>(device)
    where TTerm : struct, IStripTerm
{
    public override string Variant => name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor column = ref inputs[inputs.Length > 1 ? 1 : 0];
        Sum(inputs[0], inputs[0], column, inputs[^1], inputs[0], outputs[0], outputs[1]);
    }
}
