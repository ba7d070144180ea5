namespace SpGpu.Gpu.Kernels;

/// <summary>y = x * sigmoid(expand(a) + expand(b)).</summary>
internal sealed class StripGateKernels(KernelDevice device) : StripMap<StripFunctions.Gate>(device, "strip gate")
{
    /// <summary>Makes y of x, a and b.</summary>
    public void Gate(in Tensor x, in Tensor a, in Tensor b, in Tensor y) => Map(x, a, b, y);

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) =>
        Gate(inputs[0], inputs[1], inputs[2], outputs[0]);
}

/// <summary>dx = dy * s is the gate applied to dy; da and db are the sums of dy * x * s * (1 - s) over W and over H.</summary>
internal sealed class StripGateGradientKernels(KernelDevice device) : StripSums<StripTerms.GateGradient>(device)
{
    private readonly StripGateKernels _gate = new(device);

    public override string Variant => "strip gate gradient";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        _gate.Gate(inputs[0], inputs[2], inputs[3], outputs[0]);
        Sum(inputs[0], inputs[1], inputs[2], inputs[3], outputs[1], outputs[2]);
    }
}
