namespace SpGpu.Gpu.Kernels;

/// <summary>y = x * sigmoid(expand(a) + expand(b)).</summary>
internal sealed class StripGateKernels(KernelDevice device) : StripMap<StripFunctions.Gate>(device, "strip gate")
{
    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) =>
        Map(inputs[0], inputs[1], inputs[2], outputs[0]);
}

/// <summary>
/// dx = dy * s is the gate applied to dy; da and db are the sums of dy * x * s * (1 - s) over W and over H, in the same read.
/// </summary>
internal sealed class StripGateGradientKernels(KernelDevice device) : StripSums<StripTerms.GateGradient>(device)
{
    public override string Variant => "strip gate gradient";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) =>
        Sum(inputs[0], inputs[1], inputs[2], inputs[3], outputs[0], outputs[1], outputs[2]);
}
