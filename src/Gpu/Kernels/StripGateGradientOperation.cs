namespace SpGpu.Gpu.Kernels;

/// <summary>dx = dy * s is the gate applied to dy; da and db are the sums of dy * x * s * (1 - s) over W and over H.</summary>
internal sealed class StripGateGradientOperation(KernelDevice device, Shape dy) : StripSumsOperation<StripTerms.Gated>(device, dy)
{
    private readonly StripGateOperation _gate = new(device);

    public override string Variant => InOneRead ? "strip gate gradient, one read" : "strip gate gradient";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        _gate.Gate(inputs[0], inputs[2], inputs[3], outputs[0]);
        Sum(inputs[0], inputs[1], inputs[2], inputs[3], outputs[1], outputs[2]);
    }
}
