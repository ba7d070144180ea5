using System.Buffers;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers.Training;

namespace SpGpu.Layers;

/// <summary>
/// A graph in training: its parameters, gradients and moments on a device, forward and backward passes compiled for the
/// shape of the batches. One thread at a time.
/// </summary>
public sealed class TrainingNetwork : IDisposable
{
    private readonly Graph _graph;
    private readonly TrainingOptions _options;
    private readonly TrainingState _state;
    private readonly OptimizerSteps? _steps;
    private readonly WeightAverage? _average;
    private readonly int _channels;
    private readonly int _classes;
    private readonly SearchValues<byte> _noLabels;
    private readonly Tensor? _classWeights;
    private TrainingPlan? _plan;
    private EvaluationPlan? _evaluation;
    private bool _hasPredictions;
    private int _accumulated;
    private bool _disposed;

    /// <summary>Puts the parameters of a graph on a device; moments start at zero.</summary>
    /// <param name="graph">A graph with one input, the images.</param>
    /// <param name="state">Every parameter and buffer of the graph.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="options">What is minimised, and how.</param>
    /// <exception cref="ConfigurationException">The options do not fit the graph.</exception>
    /// <exception cref="WeightsException">A parameter is missing, has another shape or holds NaN.</exception>
    public TrainingNetwork(Graph graph, ITensorSource state, Device device, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        options.Check(graph);
        (_graph, _options, Device) = (graph, options, device);
        _channels = graph.Inputs.Values.Single().Channels;
        _classes = graph.Outputs[options.Losses[0].Output].Channels;
        _noLabels = SearchValues.Create(
            [.. Enumerable.Range(_classes, 256 - _classes).Where(label => label != options.Ignored).Select(label => (byte)label)]);
        _state = new TrainingState(device, graph, state, options);
        try
        {
            if (options.ClassWeights is { } weights)
            {
                _classWeights = Tensor.Allocate(device, new Shape(1, weights.Count, 1, 1));
                _classWeights.Value.Upload<float>([.. weights]);
            }
            _steps = new OptimizerSteps(device, _state.Memory, options);
            _average = options.AverageDecay > 0 ? new WeightAverage(device, _state.Memory, options.AverageDecay) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The device that runs it.</summary>
    public Device Device { get; }

    /// <summary>
    /// The number of updates so far; with the seed it decides the dropout masks, and how far the moments of Adam are made
    /// up for having started at zero.
    /// </summary>
    public long Step { get; set; }

    /// <summary>Bytes of device memory for the activations of the last batch's shape; 0 before the first batch.</summary>
    internal long ArenaBytes => _plan?.ArenaBytes ?? 0;

    /// <summary>Runs forward and backward on a batch; its gradients, divided by the accumulation steps, are added up.</summary>
    /// <param name="count">The number of images.</param>
    /// <param name="height">Their rows.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="images">Image, channel, row, column: normalised values.</param>
    /// <param name="labels">Image, row, column: classes, or the ignored label.</param>
    /// <param name="losses">Takes the value of each loss.</param>
    /// <exception cref="ShapeException">The lengths do not fit, or a layer cannot take the size.</exception>
    /// <exception cref="DatasetException">A label is neither a class nor the ignored one.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    public void Accumulate(
        int count, int height, int width, ReadOnlySpan<float> images, ReadOnlySpan<byte> labels, Span<LossValue> losses)
    {
        if (losses.Length != _options.Losses.Count)
            throw new ArgumentException($"room for {losses.Length} losses; there are {_options.Losses.Count}", nameof(losses));
        Check(labels);
        var shape = new Shape(count, _channels, height, width);
        lock (Device.Lock)
        {
            TrainingPlan plan = PlanFor(shape);
            _hasPredictions = true;
            plan.Run(images, labels, Step * _options.AccumulationSteps + _accumulated, losses);
            _accumulated++;
            if (!_options.FrozenStatistics)
                _state.CountBatch();
        }
    }

    /// <summary>
    /// The loss of a batch and the most probable class of its pixels on running statistics and without dropout, of the
    /// average where one is kept. Nothing of the network changes. Activations lie where those of the training step lay, if there is room.
    /// </summary>
    /// <param name="count">The number of images.</param>
    /// <param name="height">Their rows.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="images">Image, channel, row, column: normalised values.</param>
    /// <param name="labels">Image, row, column: classes, or the ignored label.</param>
    /// <param name="classes">Takes the class of every pixel: image, row, column.</param>
    /// <returns>The first loss on all pixels that count, each counting as one: nothing is mined or weighted.</returns>
    /// <exception cref="ShapeException">The lengths do not fit, or a layer cannot take the size.</exception>
    /// <exception cref="DatasetException">A label is neither a class nor the ignored one.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    public LossValue Evaluate(
        int count, int height, int width, ReadOnlySpan<float> images, ReadOnlySpan<byte> labels, Span<byte> classes)
    {
        Check(labels);
        var shape = new Shape(count, _channels, height, width);
        lock (Device.Lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _hasPredictions = false;
            if (_evaluation?.Shape != shape)
            {
                _evaluation?.Dispose();
                _evaluation = null;
                _evaluation = new EvaluationPlan(
                    Device, _graph, _state.Memory.Layout, _state.Memory.Average ?? _state.Memory.Values, shape, _options,
                    _plan?.Arena);
            }
            return _evaluation.Run(images, labels, classes);
        }
    }

    /// <summary>The most probable class of every pixel of the last batch that was accumulated: image, row, column.</summary>
    /// <exception cref="InvalidOperationException">There was none since the last evaluation or profile.</exception>
    public void ReadPredictions(Span<byte> classes)
    {
        lock (Device.Lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_plan is null || !_hasPredictions)
            {
                throw new InvalidOperationException(
                    "there are no predictions: accumulate a batch first; " +
                    "an evaluation or a profile since has used the memory of the last one");
            }
            _plan.ReadPredictions(classes);
        }
    }

    /// <summary>
    /// Times every kernel of forward and backward on a made-up batch; other threads that use the device wait meanwhile.
    /// Parameters, gradients and running statistics are afterwards as they were.
    /// </summary>
    /// <param name="count">The number of images.</param>
    /// <param name="height">Their rows.</param>
    /// <param name="width">Their columns.</param>
    /// <param name="runs">Timed runs, at least 1; medians count.</param>
    /// <param name="cancellation">Ends it before the next run.</param>
    /// <exception cref="ShapeException">A layer cannot take the size.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public Profile Profile(int count, int height, int width, int runs = 5, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        lock (Device.Lock)
        {
            TrainingPlan plan = PlanFor(new Shape(count, _channels, height, width));
            _hasPredictions = false;
            return _state.Uncounted(() => plan.Profile(runs, cancellation));
        }
    }

    /// <summary>Takes an optimiser step with the learning rate of each group; gradients are zero afterwards.</summary>
    /// <param name="rates">One a group.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    /// <exception cref="DeviceException">The device failed.</exception>
    public void Update(ReadOnlySpan<float> rates)
    {
        if (rates.Length != _options.Groups)
            throw new ArgumentException($"{rates.Length} learning rates for {_options.Groups} groups", nameof(rates));
        lock (Device.Lock)
        {
            if (_options.Group is { } group)
                _state.AddGradients(group);
            _steps!.Take(rates, Step + 1);
            _average?.Take(Step + 1);
        }
        _accumulated = 0;
        Step++;
    }

    /// <summary>
    /// Gives all processes of a group the running statistics of process 0, where each takes its own: for an evaluation that is shared
    /// out, and before the state of process 0 is kept. All of them call it, between two steps.
    /// </summary>
    public void ShareStatistics()
    {
        if (_options is not { Group: { } group, SharedStatistics: false, FrozenStatistics: false })
            return;
        lock (Device.Lock)
            _state.TakeValuesOfFirst(group);
    }

    /// <summary>Parameters and buffers by their PyTorch names, in the order of the graph.</summary>
    public StateDict State()
    {
        lock (Device.Lock)
            return _state.Read();
    }

    /// <summary>
    /// The exponential moving average of <see cref="State"/> over the steps, with the same counters; null where none is kept.
    /// </summary>
    public StateDict? Average()
    {
        lock (Device.Lock)
            return _state.ReadAverage();
    }

    /// <summary>The gradients added up since the last step, by parameter name.</summary>
    public StateDict Gradients()
    {
        lock (Device.Lock)
            return _state.ReadGradients();
    }

    /// <summary>The momenta of SGD, by parameter name; of Adam both moments, as NAME.exp_avg and NAME.exp_avg_sq.</summary>
    public StateDict Momenta()
    {
        lock (Device.Lock)
            return _state.ReadMomenta();
    }

    /// <summary>
    /// Sets parameters and buffers, and those of <see cref="Momenta"/> that are given; gradients become zero. An average that
    /// is kept and not given starts as the parameters are. A network that is to go on needs its <see cref="Step"/> as well.
    /// </summary>
    /// <exception cref="WeightsException">A parameter is missing, or a tensor has another shape or holds NaN.</exception>
    public void Restore(ITensorSource state, ITensorSource momenta, ITensorSource? average = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(momenta);
        lock (Device.Lock)
            _state.Restore(state, momenta, average);
        _accumulated = 0;
    }

    /// <summary>Gives all memory back to the device.</summary>
    public void Dispose()
    {
        lock (Device.Lock)
        {
            _disposed = true;
            _evaluation?.Dispose();
            _plan?.Dispose();
            _classWeights?.Memory.Dispose();
            _steps?.Dispose();
            _average?.Dispose();
            _state.Dispose();
        }
    }

    private TrainingPlan PlanFor(Shape shape)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // It may have memory of its own, which is better used for steps.
        _evaluation?.Dispose();
        _evaluation = null;
        if (_plan?.Shape != shape)
        {
            _plan?.Dispose();
            _plan = null;
            _plan = new TrainingPlan(Device, _graph, _state.Memory, shape, _options, _classWeights);
        }
        return _plan;
    }

    private void Check(ReadOnlySpan<byte> labels)
    {
        if (labels.IndexOfAny(_noLabels) is >= 0 and int at)
            throw new DatasetException(
                $"a label of {labels[at]} among {_classes} classes; " +
                $"labels are 0 to {_classes - 1}, or {_options.Ignored} for pixels that do not count");
    }
}
