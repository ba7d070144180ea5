using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers.Passes;
using SpGpu.Layers.Plans;

namespace SpGpu.Layers;

/// <summary>
/// A graph with its parameters on a device, ready to run at any size. Plans are made on demand and the last few are
/// kept; they share the packed weights. Safe to use from several threads.
/// </summary>
public sealed class Network : IDisposable, IMemoryCache
{
    /// <summary>Plans that are kept; each holds the activations of one input shape.</summary>
    private const int MostPlans = 4;

    private readonly NodeList _nodes;
    private readonly Dictionary<string, Value> _inputs;
    private readonly Dictionary<string, Value> _outputs = [];
    private readonly Dictionary<LayerParameters, PackedWeights> _weights = [];
    private readonly List<(Shape[] Shapes, Plan Plan)> _plans = [];
    private Plan? _lent;
    private bool _disposed;

    /// <summary>
    /// Compiles a graph and puts its parameters on a device, which are read one at a time and in the layout of the device
    /// from then on: nothing else is kept of them.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">Every parameter that the wanted outputs need; running counters are not read.</param>
    /// <param name="device">The device; it must outlive the network.</param>
    /// <param name="outputs">The outputs that are wanted; none means all. What they do not need is left out.</param>
    /// <exception cref="ShapeException">The graph has no such output.</exception>
    /// <exception cref="WeightsException">A parameter is missing, has another shape or holds NaN.</exception>
    public Network(Graph graph, ITensorSource parameters, Device device, params IEnumerable<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        string[] names = graph.Wanted(outputs);
        _nodes = InferencePasses.Run(graph, names.Select(graph.OutputNamed));
        for (int i = 0; i < names.Length; i++)
            _outputs[names[i]] = _nodes.Outputs[i];
        _inputs = _nodes.InputsOf(graph);
        device.Register(this);
        try
        {
            Pack(new ParameterReader(graph, parameters));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The device that runs it.</summary>
    public Device Device { get; }

    /// <summary>What is written from outside, by name.</summary>
    internal IReadOnlyDictionary<string, Value> Inputs => _inputs;

    /// <summary>What is read from outside, by name.</summary>
    internal IReadOnlyDictionary<string, Value> Outputs => _outputs;

    /// <summary>
    /// Runs the network on host tensors: inputs by name, N,C,H,W floats; returns the outputs by name.
    /// </summary>
    /// <exception cref="ShapeException">An input is missing, has another rank or a shape that a layer cannot take.</exception>
    /// <exception cref="WeightsException">An input holds integers.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The network or the device has been disposed.</exception>
    public IReadOnlyDictionary<string, HostTensor> Run(params IReadOnlyCollection<(string Name, HostTensor Tensor)> inputs) =>
        Run(inputs, CancellationToken.None);

    /// <summary>The same, which can be ended.</summary>
    /// <param name="inputs">N,C,H,W floats by name.</param>
    /// <param name="cancellation">Ends it before the next operator; what a GPU has been given is not taken back.</param>
    /// <exception cref="ShapeException">An input is missing, has another rank or a shape that a layer cannot take.</exception>
    /// <exception cref="WeightsException">An input holds integers.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="ObjectDisposedException">The network or the device has been disposed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public IReadOnlyDictionary<string, HostTensor> Run(
        IReadOnlyCollection<(string Name, HostTensor Tensor)> inputs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var results = new Dictionary<string, HostTensor>();
        lock (Device.Lock)
        {
            var shapes = new List<(string, Shape)>();
            foreach ((string name, HostTensor tensor) in inputs)
                shapes.Add((name, ToShape(name, tensor)));
            Plan plan = PlanFor(shapes);
            try
            {
                foreach ((string name, HostTensor tensor) in inputs)
                    plan[name].Upload<float>(tensor.Floats);
                plan.Run(cancellation);
                foreach (string name in _outputs.Keys)
                {
                    Tensor tensor = plan[name];
                    results[name] = new HostTensor(tensor.ToHost(), tensor.Shape.N, tensor.Shape.C, tensor.Shape.H, tensor.Shape.W);
                }
            }
            finally
            {
                Return();
            }
        }
        return results;
    }

    /// <summary>Times every kernel on made-up inputs; other threads that use the device wait meanwhile.</summary>
    /// <param name="inputs">The shape N,C,H,W of every input, by name.</param>
    /// <param name="runs">Timed runs, at least 1; medians count.</param>
    /// <param name="cancellation">Ends it before the next run.</param>
    /// <exception cref="ShapeException">An input is missing or a layer cannot take its shape.</exception>
    /// <exception cref="DeviceException">The device has too little memory, or failed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public Profile Profile(
        IReadOnlyCollection<(string Name, Shape Shape)> inputs, int runs = 5, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        lock (Device.Lock)
        {
            Plan plan = PlanFor(inputs);
            try
            {
                foreach (string name in _inputs.Keys)
                    PlanProfile.Fill(plan[name]);
                return PlanProfile.Measure(plan, runs, cancellation);
            }
            finally
            {
                Return();
            }
        }
    }

    /// <summary>
    /// The plan for given input shapes. The caller holds <see cref="Device.Lock"/> from before this call until it is
    /// done with the plan: another thread, or the next call where memory is short, may push the plan out of the cache.
    /// </summary>
    /// <exception cref="ShapeException">An input is missing or a layer cannot take its shape.</exception>
    /// <exception cref="DeviceMemoryException">The device has too little memory; the message says what would fit.</exception>
    internal Plan PlanFor(params IReadOnlyCollection<(string Name, Shape Shape)> inputs)
    {
        lock (Device.Lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Dictionary<Value, Shape> shapes = InputShapes.Bind(_inputs, inputs);
            Shape[] key = Array.ConvertAll(_inputs.Values.ToArray(), value => shapes[value]);
            _lent = null;
            int found = _plans.FindIndex(plan => plan.Shapes.AsSpan().SequenceEqual(key));
            if (found < 0 && _plans.Count == MostPlans)
                Drop(0);
            // Making a plan may empty the cache.
            Plan plan = found < 0 ? NewPlan(shapes) : _plans[found].Plan;
            if (found >= 0)
                _plans.RemoveAt(found);
            _plans.Add((key, plan));
            return _lent = plan;
        }
    }

    /// <summary>Says that the plan that was asked for last is not in use any more. The caller holds the device's lock.</summary>
    internal void Return() => _lent = null;

    /// <summary>Gives back all plans but the one that was asked for last, which may be in use.</summary>
    void IMemoryCache.GiveUp()
    {
        for (int i = _plans.Count - 1; i >= 0; i--)
        {
            if (_plans[i].Plan != _lent)
                Drop(i);
        }
    }

    /// <summary>Gives plans and weights back to the device.</summary>
    public void Dispose()
    {
        lock (Device.Lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach ((_, Plan plan) in _plans)
                plan.Dispose();
            foreach (PackedWeights weights in _weights.Values)
                weights.Dispose();
        }
    }

    /// <summary>A plan to be recorded where that is possible and there is the memory for it.</summary>
    private Plan NewPlan(IReadOnlyDictionary<Value, Shape> shapes)
    {
        try
        {
            try
            {
                return NewPlan(shapes, sideBySide: true);
            }
            catch (DeviceMemoryException) when (Device.CanRecord)
            {
                return NewPlan(shapes, sideBySide: false);
            }
        }
        catch (DeviceMemoryException error) when (LargestThatFits(shapes) is { } size)
        {
            throw new DeviceMemoryException($"{error.Message}; {size.Height} x {size.Width} (height x width) would fit", error);
        }
    }

    private Plan NewPlan(IReadOnlyDictionary<Value, Shape> shapes, bool sideBySide) => new(
        Device, _nodes.Nodes, _inputs, _outputs, shapes,
        node => node.Parameters is null ? null : _weights[node.Parameters], sideBySide: sideBySide);

    /// <summary>A smaller size of the only input for which a plan can be made; null if there is none.</summary>
    private Size2D? LargestThatFits(IReadOnlyDictionary<Value, Shape> shapes)
    {
        if (_inputs.Count != 1)
            return null;
        (Value input, Shape shape) = shapes.Single();
        return FittingSize.Largest((shape.H, shape.W), size =>
        {
            try
            {
                var smaller = new Shape(shape.N, shape.C, size.Height, size.Width);
                NewPlan(new Dictionary<Value, Shape> { [input] = smaller }, sideBySide: false).Dispose();
                return true;
            }
            catch (SpGpuException)
            {
                return false;
            }
        });
    }

    private void Drop(int index)
    {
        _plans[index].Plan.Dispose();
        _plans.RemoveAt(index);
    }

    private void Pack(ParameterReader reader)
    {
        Node[] nodes = [.. _nodes.Nodes.Where(node => node.Parameters is not null)];
        foreach (string name in nodes.SelectMany(node => node.Parameters!.Needed))
            reader.Require(name);
        foreach (Node node in nodes)
            _weights[node.Parameters!] = node.Parameters!.Pack(Device.Operators, node.Specification, reader);
    }

    private static Shape ToShape(string name, HostTensor tensor) => tensor.Shape is [int n, int c, int h, int w]
        ? new Shape(n, c, h, w)
        : throw new ShapeException($"input '{name}' has shape {HostTensor.Describe(tensor.Shape)}; N, C, H, W are needed");
}
