using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>A step of gradient descent, a vector of parameters at a time.</summary>
internal sealed unsafe class SgdStepSimd(Team team, SgdStep step) : SimdOperation(team)
{
    public override string Variant => "sgd step simd";

    public override void Execute(int worker, int workers)
    {
        float rate = Input(0).Floats[0];
        float* parameters = Output(0).Floats;
        float* gradients = Output(1).Floats;
        float* momenta = Output(2).Floats;
        (int first, int last) = Share(step.Length, worker, workers);
        for (int i = first; i < last; i += Vector<float>.Count)
        {
            int count = last - i;
            Vector<float> parameter = SimdMath.Load(parameters + i, count);
            Vector<float> momentum = step.Momentum * SimdMath.Load(momenta + i, count)
                + (SimdMath.Load(gradients + i, count) + step.WeightDecay * parameter);
            SimdMath.Store(momentum, momenta + i, count);
            SimdMath.Store(parameter - rate * momentum, parameters + i, count);
            SimdMath.Store(Vector<float>.Zero, gradients + i, count);
        }
    }
}
