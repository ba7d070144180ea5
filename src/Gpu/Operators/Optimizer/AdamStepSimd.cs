using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>A step of Adam, a vector of parameters at a time.</summary>
internal sealed unsafe class AdamStepSimd(Team team, AdamStep step) : SimdOperation(team)
{
    public override string Variant => "adam step simd";

    public override void Execute(int worker, int workers)
    {
        float size = Input(0).Floats[0], root = Input(0).Floats[1];
        float* parameters = Output(0).Floats;
        float* gradients = Output(1).Floats;
        float* first = Output(2).Floats;
        float* second = Output(3).Floats;
        Vector<float> epsilon = new(step.Epsilon);
        (int start, int end) = Share(step.Length, worker, workers);
        for (int i = start; i < end; i += Vector<float>.Count)
        {
            int count = end - i;
            Vector<float> parameter = SimdMath.Load(parameters + i, count);
            Vector<float> gradient = SimdMath.Load(gradients + i, count) + step.WeightDecay * parameter;
            Vector<float> m = step.Beta1 * SimdMath.Load(first + i, count) + (1 - step.Beta1) * gradient;
            Vector<float> v = step.Beta2 * SimdMath.Load(second + i, count) + (1 - step.Beta2) * (gradient * gradient);
            SimdMath.Store(m, first + i, count);
            SimdMath.Store(v, second + i, count);
            SimdMath.Store(parameter - size * m / (root * Vector.SquareRoot(v) + epsilon), parameters + i, count);
            SimdMath.Store(Vector<float>.Zero, gradients + i, count);
        }
    }
}
