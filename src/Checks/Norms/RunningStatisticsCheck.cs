using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Running means and variances, carried on by those of a batch.</summary>
internal sealed class RunningStatisticsCheck : Check<RunningStatistics>
{
    private static readonly int[] _channels = [1, 64, 65, 300];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Carry(CaseSize.Tiny, channels: 3, count: 2),
        .. from channels in _channels
           select Carry(CaseSize.Small, channels, count: 2 * 29 * 29),
        .. Placed(Carry(CaseSize.Small, channels: 12, count: 7)),
        Carry(CaseSize.Large, channels: 2048, count: 2 * 29 * 29),
    ];

    protected override Func<double>? Drawn(RunningStatistics running, Draw draw, int input) =>
        input == 1 ? BatchCases.Variances(draw) : null;

    protected override Element[] Reference(RunningStatistics running, CaseData data)
    {
        Element Update(int which, double factor) => (_, c, _, _) =>
        {
            double kept = data.Before[which]![0, c, 0, 0] * (1.0 - RunningStatistics.Momentum);
            double added = data.Inputs[which][0, c, 0, 0] * factor * RunningStatistics.Momentum;
            return Estimate.Sum(kept + added, Math.Abs(kept) + Math.Abs(added), terms: 3);
        };
        return [Update(0, 1), Update(1, running.Count / (running.Count - 1.0))];
    }

    private static OperatorCase Carry(CaseSize size, int channels, int count) =>
        new(new RunningStatistics(count), [new Shape(1, channels, 1, 1), new Shape(1, channels, 1, 1)], size);
}
