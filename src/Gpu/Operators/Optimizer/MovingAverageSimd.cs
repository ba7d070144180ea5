using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Carries a moving average on, a vector of values at a time.</summary>
internal sealed unsafe class MovingAverageSimd(Team team) : SimdOperation(team)
{
    public override string Variant => "moving average simd";

    public override void Execute(int worker, int workers)
    {
        float share = Input(0).Floats[0];
        float* values = Input(1).Floats;
        float* averages = Output(0).Floats;
        (int first, int last) = Share(Input(1).Shape.W, worker, workers);
        for (int i = first; i < last; i += Vector<float>.Count)
        {
            int count = last - i;
            Vector<float> average = SimdMath.Load(averages + i, count);
            SimdMath.Store(average + share * (SimdMath.Load(values + i, count) - average), averages + i, count);
        }
    }
}
