namespace SpGpu.Peers.Engines;

/// <summary>Runs engines in turn, A B C A B C, so that what else the machine does meets all of them.</summary>
internal sealed class Turns(IReadOnlyList<Engine> engines)
{
    private readonly List<Measurement?>[] _rounds = [.. engines.Select(_ => new List<Measurement?>())];
    private readonly string?[] _complaints = new string?[engines.Count];

    /// <summary>The engines in their order.</summary>
    public IReadOnlyList<Engine> Engines => engines;

    /// <summary>What an engine measured, round by round; null from where it could not run.</summary>
    public IReadOnlyList<Measurement?> this[int engine] => _rounds[engine];

    /// <summary>Why engines did not run, a sentence for each that did not.</summary>
    public IEnumerable<string> Complaints =>
        _complaints.Zip(engines, (why, engine) => why is null ? null : $"{engine.Name} did not run: {why}").OfType<string>();

    /// <summary>Goes once around; an engine that could not run is not asked again.</summary>
    public void Next()
    {
        for (int i = 0; i < engines.Count; i++)
        {
            Measurement? measured = null;
            if (_complaints[i] is null)
            {
                measured = engines[i].Run(out string complaint);
                if (measured is null)
                    _complaints[i] = complaint;
            }
            _rounds[i].Add(measured);
        }
    }

    /// <summary>The median over the rounds of an engine; null where it did not run.</summary>
    public double? MedianOf(int engine, Func<Measurement, double> number)
    {
        double[] numbers = [.. _rounds[engine].OfType<Measurement>().Select(number)];
        return numbers.Length == 0 ? null : Median.Of(numbers);
    }

    /// <summary>The ratios of two engines, pair by pair, where both ran.</summary>
    public double[] Ratios(int engine, int other, Func<Measurement, double> number) =>
        [.. _rounds[engine].Zip(_rounds[other]).Where(pair => pair.First is not null && pair.Second is not null)
            .Select(pair => number(pair.First!) / number(pair.Second!))];

    /// <summary>The median of <see cref="Ratios"/>; null where one of the two did not run.</summary>
    public double? MedianRatio(int engine, int other, Func<Measurement, double> number) =>
        Ratios(engine, other, number) is { Length: > 0 } ratios ? Median.Of(ratios) : null;
}
