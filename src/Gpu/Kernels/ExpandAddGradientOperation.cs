namespace SpGpu.Gpu.Kernels;

/// <summary>da and db are the sums of dy over W and over H, with relu of those elements that it let pass.</summary>
internal sealed class ExpandAddGradientOperation<TTerm>(KernelDevice device, string name, Shape dy) : StripSumsOperation<TTerm>(device, dy)
    where TTerm : struct, IStripTerm
{
    public override string Variant => InOneRead ? $"{name}, one read" : name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        ref readonly Tensor column = ref inputs[inputs.Length > 1 ? 1 : 0];
        Sum(inputs[0], inputs[0], column, inputs[^1], outputs[0], outputs[1]);
    }
}
