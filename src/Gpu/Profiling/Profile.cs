namespace SpGpu.Gpu.Profiling;

/// <summary>The times of a network's kernels over several runs, in milliseconds.</summary>
public sealed class Profile
{
    private Profile(IReadOnlyList<ProfileStep> steps, IReadOnlyList<double[]> runs, double unmarked, double? replayed)
    {
        double[] totals = [.. runs.Select(run => run[^1])];
        Steps = steps;
        Runs = runs.Count;
        TotalMilliseconds = Median(totals);
        UnmarkedMilliseconds = unmarked;
        ReplayedMilliseconds = replayed;
        MedianRun = runs.MinBy(run => Math.Abs(run[^1] - TotalMilliseconds))!;
        Rows = [.. steps.Select((step, i) => new ProfileRow(
            step.Layer, step.Kernel, 1, Median([.. runs.Select(run => run[i + 1] - run[i])]), step.Operations, step.Bytes))];
    }

    /// <summary>What was run, in order.</summary>
    internal IReadOnlyList<ProfileStep> Steps { get; }

    /// <summary>The number of runs.</summary>
    public int Runs { get; }

    /// <summary>The median of the whole times of the runs.</summary>
    public double TotalMilliseconds { get; }

    /// <summary>
    /// The median time of as many runs that nothing interrupts: marks between kernels cost time, and keep them from
    /// overlapping.
    /// </summary>
    public double UnmarkedMilliseconds { get; }

    /// <summary>
    /// The median time of as many runs that the device replays as a whole, as it does from a network's second run of a size
    /// on; null where it cannot.
    /// </summary>
    public double? ReplayedMilliseconds { get; }

    /// <summary>
    /// Of the run whose whole time is nearest to the median: the milliseconds from its start to each mark, one more
    /// than there are steps.
    /// </summary>
    internal IReadOnlyList<double> MedianRun { get; }

    /// <summary>A row a step, in order, with the median of its times.</summary>
    public IReadOnlyList<ProfileRow> Rows { get; }

    /// <summary>The launches of a run, in order; empty where the driver does not tell of them, which CUDA's does.</summary>
    public IReadOnlyList<KernelLaunch> Launches => [.. Steps.SelectMany(step => step.Launches)];

    /// <summary>Bytes of device memory for activations, inputs and outputs among them.</summary>
    public long ActivationBytes { get; internal set; }

    /// <summary>Bytes in which operators keep what they make between their kernels, for all networks of the device.</summary>
    public long WorkspaceBytes { get; internal set; }

    /// <summary>The rows with those of the same kernel and the same work made one, the longest time first.</summary>
    public IReadOnlyList<ProfileRow> Grouped() =>
    [
        .. Rows.GroupBy(row => (row.Kernel, row.Operations, row.Bytes))
            .Select(group => new ProfileRow(
                group.First().Layer, group.Key.Kernel, group.Count(), group.Sum(row => row.Milliseconds),
                group.Sum(row => row.Operations), group.Sum(row => row.Bytes)))
            .OrderByDescending(row => row.Milliseconds),
    ];

    /// <summary>Runs the kernels and times them. The caller holds <see cref="Device.Lock"/>.</summary>
    /// <param name="steps">What a run consists of.</param>
    /// <param name="warmUps">Runs that are not counted, before those with marks between kernels and before those without.</param>
    /// <param name="runs">Runs of each kind that are.</param>
    /// <param name="run">
    /// Enqueues one run and returns a mark before it and one behind each kernel, or behind the last alone; null if the device
    /// has no such run.
    /// </param>
    internal static Profile Measure(IReadOnlyList<ProfileStep> steps, int warmUps, int runs, Func<ProfiledRun, Marker[]?> run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        List<double[]> marked = Times(warmUps, runs, steps.Count + 1, () => run(ProfiledRun.Marked))!;
        List<double[]> whole = Times(warmUps, runs, 2, () => run(ProfiledRun.Unmarked))!;
        List<double[]>? replayed = Times(warmUps, runs, 2, () => run(ProfiledRun.Replayed));
        return new Profile(steps, marked, Whole(whole), replayed is null ? null : Whole(replayed));
    }

    private static List<double[]>? Times(int warmUps, int runs, int needed, Func<Marker[]?> run)
    {
        var counted = new List<double[]>();
        for (int i = -warmUps; i < runs; i++)
        {
            if (run() is not { } marks)
                return null;
            if (marks.Length != needed)
                throw new ArgumentException($"a run needs {needed} marks, {marks.Length} were made", nameof(run));
            // Also of a warm-up: asking waits, so that runs do not queue up behind each other.
            double[] times = [.. marks.Select(mark => mark.MillisecondsSince(marks[0]))];
            if (i >= 0)
                counted.Add(times);
        }
        return counted;
    }

    private static double Whole(List<double[]> runs) => Median([.. runs.Select(times => times[^1])]);

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
