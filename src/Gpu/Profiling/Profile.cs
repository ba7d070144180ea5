namespace SpGpu.Gpu.Profiling;

/// <summary>The times of a sequence of kernels over several runs.</summary>
public sealed class Profile
{
    private Profile(IReadOnlyList<ProfileStep> steps, IReadOnlyList<double[]> runs)
    {
        double[] totals = [.. runs.Select(run => run[^1])];
        Steps = steps;
        Runs = runs.Count;
        TotalMilliseconds = Median(totals);
        MedianRun = runs.MinBy(run => Math.Abs(run[^1] - TotalMilliseconds))!;
        Rows = [.. steps.Select((step, i) => new ProfileRow(
            step.Layer, step.Kernel, 1, Median([.. runs.Select(run => run[i + 1] - run[i])]), step.Operations, step.Bytes))];
    }

    /// <summary>What was run, in order.</summary>
    public IReadOnlyList<ProfileStep> Steps { get; }

    /// <summary>The number of runs.</summary>
    public int Runs { get; }

    /// <summary>The median of the whole times of the runs.</summary>
    public double TotalMilliseconds { get; }

    /// <summary>
    /// Of the run whose whole time is nearest to the median: the milliseconds from its start to each mark, one more
    /// than there are steps.
    /// </summary>
    public IReadOnlyList<double> MedianRun { get; }

    /// <summary>A row a step, in order, with the median of its times.</summary>
    public IReadOnlyList<ProfileRow> Rows { get; }

    /// <summary>Runs the kernels and times them.</summary>
    /// <param name="steps">What a run consists of.</param>
    /// <param name="warmUps">Runs that are not counted.</param>
    /// <param name="runs">Runs that are.</param>
    /// <param name="run">
    /// Enqueues one run and returns a mark before the first kernel and one behind each. The caller of this method
    /// holds <see cref="Device.Lock"/>.
    /// </param>
    public static Profile Measure(IReadOnlyList<ProfileStep> steps, int warmUps, int runs, Func<Marker[]> run)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        var counted = new List<double[]>();
        for (int i = -warmUps; i < runs; i++)
        {
            Marker[] marks = run();
            if (marks.Length != steps.Count + 1)
                throw new ArgumentException($"{steps.Count} steps need {steps.Count + 1} marks, {marks.Length} were made", nameof(run));
            // Also of a warm-up: asking waits, so that runs do not queue up behind each other.
            double[] times = [.. marks.Select(mark => mark.MillisecondsSince(marks[0]))];
            if (i >= 0)
                counted.Add(times);
        }
        return new Profile(steps, counted);
    }

    /// <summary>The median time of runs that have a mark at their two ends alone.</summary>
    /// <param name="warmUps">Runs that are not counted.</param>
    /// <param name="runs">Runs that are.</param>
    /// <param name="run">Enqueues one run and returns the marks around it.</param>
    public static double MedianMilliseconds(int warmUps, int runs, Func<(Marker Start, Marker End)> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        var counted = new List<double>();
        for (int i = -warmUps; i < runs; i++)
        {
            (Marker start, Marker end) = run();
            double time = end.MillisecondsSince(start);
            if (i >= 0)
                counted.Add(time);
        }
        return Median([.. counted]);
    }

    /// <summary>The rows with those of the same kernel and the same work made one, the longest time first.</summary>
    public IReadOnlyList<ProfileRow> Grouped() =>
    [
        .. Rows.GroupBy(row => (row.Kernel, row.Operations, row.Bytes))
            .Select(group => new ProfileRow(
                group.First().Layer, group.Key.Kernel, group.Count(), group.Sum(row => row.Milliseconds),
                group.Sum(row => row.Operations), group.Sum(row => row.Bytes)))
            .OrderByDescending(row => row.Milliseconds),
    ];

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
