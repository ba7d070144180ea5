using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.AdamStepKernels.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// m = beta1 * m + (1 - beta1) * g and v = beta2 * v + (1 - beta2) * g^2 with g = gradient + decay * p;
/// p = p - step * m / (root * sqrt(v) + epsilon); gradient = 0; one parameter a thread, or four.
/// </summary>
internal sealed class AdamStepKernels(KernelDevice device, AdamStep step) : KernelOperation(device)
{
    private readonly Launch _scalar = device.Load<Launch>(Scalar);
    private readonly Launch _vector = device.Load<Launch>(Vector);

    public override string Variant => step.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        bool vector = (step.Length & 3) == 0 && AreAligned(outputs);
        int count = vector ? step.Length >> 2 : step.Length;
        (vector ? _vector : _scalar)(Stream, Flat(count, 1),
            Floats(inputs[0]), Floats(outputs[0]), Floats(outputs[1]), Floats(outputs[2]), Floats(outputs[3]),
            new(inputs[0].Offset, outputs[0].Offset, outputs[1].Offset, outputs[2].Offset, outputs[3].Offset, count,
                step.Beta1, step.Beta2, step.Epsilon, step.WeightDecay));
    }

    [Kernel]
    internal static void Scalar(
        ArrayView<float> corrections, ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> first,
        ArrayView<float> second, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        float parameter = parameters[s.Parameters + i];
        float gradient = gradients[s.Gradients + i] + s.Decay * parameter;
        float m = s.Beta1 * first[s.First + i] + (1f - s.Beta1) * gradient;
        float v = s.Beta2 * second[s.Second + i] + (1f - s.Beta2) * (gradient * gradient);
        first[s.First + i] = m;
        second[s.Second + i] = v;
        parameters[s.Parameters + i] =
            Moved(parameter, m, v, corrections[s.Corrections], corrections[s.Corrections + 1], s.Epsilon);
        gradients[s.Gradients + i] = 0f;
    }

    [Kernel(Vectors = true)]
    internal static void Vector(
        ArrayView<float> corrections, ArrayView<float> parameters, ArrayView<float> gradients, ArrayView<float> first,
        ArrayView<float> second, Scalars s)
    {
        int i = KernelMath.GlobalIndex();
        if (!KernelMath.InRange(i, s.Count))
            return;
        i *= 4;
        Float4 parameter = Float4.Load(parameters, s.Parameters + i);
        Float4 gradient = Float4.Load(gradients, s.Gradients + i) + Float4.All(s.Decay) * parameter;
        Float4 m = Float4.All(s.Beta1) * Float4.Load(first, s.First + i) + Float4.All(1f - s.Beta1) * gradient;
        Float4 v = Float4.All(s.Beta2) * Float4.Load(second, s.Second + i) + Float4.All(1f - s.Beta2) * (gradient * gradient);
        Float4.Store(first, s.First + i, m);
        Float4.Store(second, s.Second + i, v);
        float step = corrections[s.Corrections];
        float root = corrections[s.Corrections + 1];
        Float4.Store(parameters, s.Parameters + i, new Float4(
            Moved(parameter.X, m.X, v.X, step, root, s.Epsilon), Moved(parameter.Y, m.Y, v.Y, step, root, s.Epsilon),
            Moved(parameter.Z, m.Z, v.Z, step, root, s.Epsilon), Moved(parameter.W, m.W, v.W, step, root, s.Epsilon)));
        Float4.Store(gradients, s.Gradients + i, Float4.All(0f));
    }

    private static float Moved(float parameter, float m, float v, float step, float root, float epsilon) =>
        parameter - KernelMath.Divide(step * m, root * KernelMath.Sqrt(v) + epsilon);

    /// <summary>Where corrections, parameters, gradients and moments start; threads with work; the constants.</summary>
    internal readonly record struct Scalars(
        int Corrections, int Parameters, int Gradients, int First, int Second, int Count,
        float Beta1, float Beta2, float Epsilon, float Decay);
}
