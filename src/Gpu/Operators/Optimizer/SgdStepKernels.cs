using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.SgdStepKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// m = momentum * m + gradient + decay * p; p = p - rate * m; gradient = 0; one parameter a thread, or four.
/// </summary>
internal sealed class SgdStepKernels(KernelDevice device, SgdStep step) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => step.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        bool vector = (step.Length & 3) == 0 && AreAligned(outputs);
        int count = vector ? step.Length >> 2 : step.Length;
        (vector ? _vector : _scalar)(Stream, Flat(count, 1), Floats(inputs[0]), Floats(outputs[0]), Floats(outputs[1]), Floats(outputs[2]),
            new(inputs[0].Offset, outputs[0].Offset, outputs[1].Offset, outputs[2].Offset, count, step.Momentum, step.WeightDecay));
    }

    [Kernel]
    internal static void Scalar(
        ArrayView<float> rate, ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> momenta, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        float parameter = parameters[s.Parameters + i];
        float momentum = s.Momentum * momenta[s.Momenta + i] + (gradients[s.Gradients + i] + s.Decay * parameter);
        momenta[s.Momenta + i] = momentum;
        parameters[s.Parameters + i] = parameter - rate[s.Rate] * momentum;
        gradients[s.Gradients + i] = 0f;
    }

    [Kernel(Vectors = true)]
    internal static void Vector(
        ArrayView<float> rate, ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> momenta, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        i *= 4;
        Float4 parameter = Float4.Load(parameters, s.Parameters + i);
        Float4 momentum = Float4.All(s.Momentum) * Float4.Load(momenta, s.Momenta + i)
            + (Float4.Load(gradients, s.Gradients + i) + Float4.All(s.Decay) * parameter);
        Float4.Store(momenta, s.Momenta + i, momentum);
        Float4.Store(parameters, s.Parameters + i, parameter + Float4.All(-rate[s.Rate]) * momentum);
        Float4.Store(gradients, s.Gradients + i, Float4.All(0f));
    }

    /// <summary>Where the rate, parameters, gradients and momenta start; threads with work; the momentum and the decay.</summary>
    internal readonly record struct Scalars(int Rate, int Parameters, int Gradients, int Momenta, int Count, float Momentum, float Decay);
}
