namespace SpGpu.Gpu.Simd;

/// <summary>The operator set of the CPU.</summary>
internal sealed class SimdOperators(SimdDevice device) : Operators(device)
{
    private protected override PackedWeights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        OperatorRegister.All.Of(specification).PackSimd!(device, specification, weight, bias);

    private protected override Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, PackedWeights? weights) =>
        OperatorRegister.All.Of(specification).Simd(device, specification, inputs, weights);
}
