namespace SpGpu.Data.Datasets.Checks;

/// <summary>
/// Looks at all samples of a dataset before they are used: reads every file on several threads and collects what is
/// wrong. What it finds does not depend on the number of threads. Use: <see cref="Next"/> for each sample, then
/// <see cref="Report"/>.
/// </summary>
public sealed class DatasetCheck : IDisposable
{
    // A finding is small once it is made; this only keeps the threads from waiting for each other.
    private const int Ahead = 64;

    private readonly LabelTransform _transform;
    private readonly int _examples;
    private readonly OrderedWorkers<SampleFinding> _workers;
    private readonly ValueUse[] _values = [.. Enumerable.Repeat(new ValueUse(0, 0, ""), 256)];
    private readonly Dictionary<DatasetFault, (int Count, List<string> Examples)> _faults = [];
    private readonly List<(int Width, int Height)> _sizes = [];
    private readonly int[] _labelFiles = new int[256];
    private int _blank;
    private int _warnings;
    private string? _firstWarning;

    /// <summary>Starts reading.</summary>
    /// <param name="samples">Samples with labels.</param>
    /// <param name="transform">What turns the values of the label files into labels.</param>
    /// <param name="threads">How many threads read, at least 1.</param>
    /// <param name="examples">How many faults of each kind get a message; the others are counted.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DatasetException">A sample has no labels.</exception>
    public DatasetCheck(
        IReadOnlyList<Sample> samples, LabelTransform transform, int threads, int examples = 3, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (samples.FirstOrDefault(sample => sample.Label is null) is { } bare)
            throw new DatasetException($"'{bare.Image}' has no labels; use a list with two columns");
        _transform = transform;
        _examples = examples;
        _workers = new(samples.Count, i => new SampleFinding(samples[i]), threads, Ahead + threads, cancellation);
    }

    /// <summary>Adds a fault that was found before, when the samples were listed.</summary>
    public void Add(DatasetFault fault, string message)
    {
        if (!_faults.TryGetValue(fault, out (int Count, List<string> Examples) group))
            group = (0, []);
        if (group.Count < _examples)
            group.Examples.Add(message);
        _faults[fault] = (group.Count + 1, group.Examples);
    }

    /// <summary>Takes in the next sample; as often as there are samples.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Next()
    {
        SampleFinding finding = _workers.Take();
        foreach ((DatasetFault fault, string message) in finding.Faults)
            Add(fault, message);
        if (finding.Size is { } size)
            _sizes.Add(size);
        if (finding.Warning is { } warning)
        {
            _firstWarning ??= warning;
            _warnings++;
        }
        if (finding.Values is not { } values)
            return;
        var labels = new bool[256];
        for (int value = 0; value < values.Length; value++)
        {
            _values[value] = _values[value].With(values[value], finding.Sample.Label!);
            labels[_transform[(byte)value]] |= values[value] > 0;
        }
        for (int label = 0; label < labels.Length; label++)
            _labelFiles[label] += labels[label] ? 1 : 0;
        if (!labels.AsSpan(0, LabelMap.Ignore).Contains(true))
            _blank++;
    }

    /// <summary>What was found in the samples taken in so far.</summary>
    /// <param name="classes">The number of classes; null takes as many as the labels need.</param>
    public DatasetReport Report(int? classes = null)
    {
        int[] used = [.. Enumerable.Range(0, 256).Where(value => _values[value].Pixels > 0)];
        int needed = used.Select(value => _transform[(byte)value]).Where(label => label != LabelMap.Ignore).Select(label => label + 1)
            .DefaultIfEmpty(1).Max();
        int count = classes ?? needed;
        var pixels = new long[256];
        foreach (int value in used)
            pixels[_transform[(byte)value]] += _values[value].Pixels;
        return new DatasetReport
        {
            Pictures = _sizes.Count,
            MeanSize = (_sizes.Select(size => (double)size.Width).DefaultIfEmpty().Average(),
                _sizes.Select(size => (double)size.Height).DefaultIfEmpty().Average()),
            Smallest = _sizes.DefaultIfEmpty().MinBy(size => (long)size.Width * size.Height),
            Largest = _sizes.DefaultIfEmpty().MaxBy(size => (long)size.Width * size.Height),
            ClassPixels = pixels[..count],
            ClassFiles = _labelFiles[..count],
            IgnoredPixels = pixels[LabelMap.Ignore],
            Faults = [.. Groups(used, count).OrderBy(group => group.Fault)],
            Doubts = [.. Doubts(used, count)],
        };
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => _workers.Dispose();

    private IEnumerable<FaultGroup> Groups(int[] used, int classes)
    {
        foreach ((DatasetFault fault, (int count, List<string> examples)) in _faults)
            yield return new FaultGroup(fault, count, examples, count - examples.Count);
        int[] wrong = [.. used.Where(value => _transform[(byte)value] >= classes && _transform[(byte)value] != LabelMap.Ignore)];
        if (wrong.Length > 0)
        {
            string remedy = $"labels go from 0 to {classes - 1}, and {LabelMap.Ignore} is ignored; {_transform.Remedy(wrong, classes)}";
            yield return new FaultGroup(DatasetFault.Value, wrong.Length, [.. wrong.Take(_examples).Select(Where), remedy],
                Math.Max(0, wrong.Length - _examples));
        }
        else if (LabelKinds.Fault(used, _transform) is { } kind)
        {
            yield return new FaultGroup(DatasetFault.Kind, 1, [kind], 0);
        }
    }

    private string Where(int value)
    {
        ValueUse use = _values[value];
        byte label = _transform[(byte)value];
        string becomes = label == value ? "" : $" (label {label} after {_transform.Name})";
        string file = use.Files == 1 ? "in" : $"in {use.Files} files, first";
        return $"value {value}{becomes}: {use.Pixels} pixels {file} '{use.First}'";
    }

    private IEnumerable<string> Doubts(int[] used, int classes)
    {
        if (LabelKinds.Doubt(used, _transform, classes) is { } doubt)
            yield return doubt;
        if (_firstWarning is not null)
            yield return _warnings == 1 ? _firstWarning : $"{_firstWarning} ({_warnings} pictures are like that)";
        if (_blank > 0)
            yield return $"{_blank} label maps have no pixel of any class; they teach nothing and count nowhere";
    }
}
