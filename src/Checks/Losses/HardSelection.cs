namespace SpGpu.Checks;

/// <summary>
/// Which pixels <see cref="HardExamples"/> keeps. A pixel whose probability is within its error of the limit may be
/// judged either way.
/// </summary>
internal sealed class HardSelection
{
    private readonly HardExamples _hard;
    private readonly Samples _labels;
    private readonly Estimate?[] _probabilities;

    /// <summary>
    /// The largest probability that is kept, and the smallest that is not: that of the next pixel where the number of
    /// pixels decides, as they may change places.
    /// </summary>
    private readonly (Estimate Kept, Estimate Dropped) _limit;

    /// <summary>Selects by <paramref name="probability"/> of each pixel's own class.</summary>
    public HardSelection(HardExamples hard, Samples labels, Element probability)
    {
        (_hard, _labels) = (hard, labels);
        _probabilities =
            [.. Enumerable.Range(0, labels.Values.Length).Select(pixel => Counts(pixel) ? Of(pixel) : (Estimate?)null)];
        Estimate[] sorted = [.. _probabilities.OfType<Estimate>().OrderBy(one => one.Value)];
        _limit = (hard.Threshold, hard.Threshold);
        if (hard.MinKept >= sorted.Length)
            _limit = (double.PositiveInfinity, double.PositiveInfinity);
        else if (hard.MinKept > 0 && sorted[hard.MinKept - 1] is var last && last.Value > hard.Threshold)
            _limit = (last, sorted.FirstOrDefault(one => one.Value > last.Value, double.PositiveInfinity));

        Estimate Of(int pixel)
        {
            (int n, _, int i, int j) = labels.Shape.Position(pixel);
            return probability(n, (int)labels.Values[pixel], i, j);
        }
    }

    /// <summary>The label that a pixel gets.</summary>
    public double Label(int pixel) =>
        _probabilities[pixel] is { } own && own.Value <= _limit.Kept.Value ? _labels.Values[pixel] : _hard.Ignored;

    /// <summary>Compares a label; the error is by how far the probability would have to move.</summary>
    public Finding Judge(int pixel, double actual)
    {
        double expected = Label(pixel);
        if (actual == expected)
            return new Finding(expected, actual, 0, 0);
        if (_probabilities[pixel] is not { } own || (actual != _hard.Ignored && actual != _labels.Values[pixel]))
            return new Finding(expected, actual, double.PositiveInfinity, 0);
        Estimate limit = expected == _hard.Ignored ? _limit.Kept : _limit.Dropped;
        return new Finding(expected, actual, Math.Abs(own.Value - limit.Value), own.Error + limit.Error);
    }

    private bool Counts(int pixel) => _labels.Values[pixel] != _hard.Ignored;
}
