using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>An exponential moving average, carried on.</summary>
internal sealed class MovingAverageCheck : Check<MovingAverage>
{
    private static readonly int[] _lengths = [1, 4, 63, 64, 65, 1025, 100_003];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Carry(CaseSize.Tiny, 7),
        Carry(CaseSize.Tiny, 8),
        .. _lengths.Select(length => Carry(CaseSize.Small, length)),
        .. Placed(Carry(CaseSize.Small, 120)),
        .. Placed(Carry(CaseSize.Small, 91)),
        Carry(CaseSize.Large, 4_000_000),
    ];

    protected override Func<double>? Drawn(MovingAverage carried, Draw draw, int input) => input == 0 ? draw.Between(0.001f, 0.9f) : null;

    protected override Element[] Reference(MovingAverage carried, CaseData data)
    {
        (Samples share, Samples values, Samples average) = (data.Inputs[0], data.Inputs[1], data.Before[0]!);
        return [(_, _, _, k) => average.Values[k] + ((Estimate)values.Values[k] - average.Values[k]) * share.Values[0]];
    }

    private static OperatorCase Carry(CaseSize size, int length) =>
        new(new MovingAverage(), [new Shape(1, 1, 1, 1), new Shape(1, 1, 1, length)], size);
}
