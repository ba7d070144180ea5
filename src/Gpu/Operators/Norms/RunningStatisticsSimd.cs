namespace SpGpu.Gpu.Simd;

/// <summary>Carries running statistics on; so little work that one worker does it.</summary>
internal sealed unsafe class RunningStatisticsSimd(Team team, RunningStatistics running) : SimdOperation(team)
{
    private readonly float _unbiased = (float)(running.Count / (running.Count - 1.0));

    public override string Variant => "running statistics simd";

    public override void Execute(int worker, int workers)
    {
        if (worker != 0)
            return;
        float* mean = Output(0).Floats;
        float* variance = Output(1).Floats;
        for (int c = 0; c < Input(0).Shape.C; c++)
        {
            mean[c] = (1 - RunningStatistics.Momentum) * mean[c] + RunningStatistics.Momentum * Input(0).Floats[c];
            variance[c] = (1 - RunningStatistics.Momentum) * variance[c] + RunningStatistics.Momentum * (_unbiased * Input(1).Floats[c]);
        }
    }
}
