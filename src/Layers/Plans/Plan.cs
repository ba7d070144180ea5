using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Layers.Plans;

/// <summary>
/// A network compiled for one input shape: operations in order, every tensor in one arena. After it is made,
/// <see cref="Run"/> allocates nothing.
/// </summary>
/// <remarks>
/// Whoever fills inputs, runs and reads outputs holds <see cref="Device.Lock"/> all the while: disposal waits for that.
/// </remarks>
internal sealed class Plan : IDisposable
{
    private readonly Device _device;
    private readonly DeviceMemory _arena;
    private readonly bool _isLent;
    private readonly Operation[] _operations;
    private readonly Tensor[][] _inputs;
    private readonly Tensor[][] _outputs;
    private readonly Dictionary<string, Tensor> _named = [];
    private readonly DeviceMemory[] _memories;
    private readonly int[][] _order = [];
    private Recording? _recording;
    private bool _hasRun;
    private bool _isRecordable;

    /// <param name="device">The device.</param>
    /// <param name="nodes">The operators in order.</param>
    /// <param name="inputs">Values that are written from outside, by name.</param>
    /// <param name="outputs">Values that are read from outside, by name.</param>
    /// <param name="inputShapes">The shapes of the inputs.</param>
    /// <param name="weights">Packed parameters of an operator, if it has any.</param>
    /// <param name="elsewhere">Values that lie in memory of their own, which outlives the plan: parameters in training.</param>
    /// <param name="room">Memory of somebody else that may serve as arena, if it is large enough; it outlives the plan.</param>
    /// <param name="sideBySide">
    /// Whether operations have memory of their own where they could run side by side, so that the device can record the plan:
    /// faster on devices that can, and larger.
    /// </param>
    public Plan(
        Device device, IReadOnlyList<Node> nodes, IReadOnlyDictionary<string, Value> inputs,
        IReadOnlyDictionary<string, Value> outputs, IReadOnlyDictionary<Value, Shape> inputShapes,
        Func<Node, PackedWeights?> weights, IReadOnlyDictionary<Value, Tensor>? elsewhere = null, DeviceMemory? room = null,
        bool sideBySide = true)
    {
        _device = device;
        _isRecordable = sideBySide && device.CanRecord && !nodes.Any(node => node.Specification is HostStep);
        elsewhere ??= new Dictionary<Value, Tensor>();
        var shapes = new Dictionary<Value, Shape>(inputShapes);
        foreach ((Value value, Tensor tensor) in elsewhere)
            shapes[value] = tensor.Shape;
        InputShapes.Propagate(nodes, shapes);
        var layout = new PlanLayout([.. inputs.Values], nodes, [.. outputs.Values], value => shapes[value], elsewhere.ContainsKey,
            _isRecordable);
        Node[] steps = [.. nodes.Where(node => node.Specification is not Concat || !layout.IsJoined(node, value => shapes[value]))];
        var described = new List<PlanStep>();
        _operations = new Operation[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            Specification specification = steps[i].Bind(value => shapes[value]);
            // Here and elsewhere at the start without LINQ: its iterators over structs would be compiled anew in every process.
            Shape[] from = Array.ConvertAll(steps[i].Inputs, value => shapes[value]);
            _operations[i] = device.Operators.Prepare(specification, from, weights(steps[i]));
            described.Add(new PlanStep(steps[i].Name, specification, from, _operations[i].Variant));
        }
        Steps = described;
        ArenaBytes = (long)layout.Length * sizeof(float);
        _isLent = room?.Length >= layout.Length;
        _arena = _isLent ? room! : device.Allocate(layout.Length);
        Tensor At(Value value) => elsewhere.TryGetValue(value, out Tensor tensor) ? tensor : layout.Tensor(value, shapes[value], _arena);
        _inputs = Array.ConvertAll(steps, step => Array.ConvertAll(step.Inputs, At));
        _outputs = Array.ConvertAll(steps, step => Array.ConvertAll(step.Outputs, At));
        foreach ((string name, Value value) in inputs)
            _named[name] = At(value);
        foreach ((string name, Value value) in outputs)
            _named[name] = At(value);
        _memories = [.. _inputs.Concat(_outputs).SelectMany(tensors => Array.ConvertAll(tensors, tensor => tensor.Memory)).Distinct()];
        try
        {
            if (_isRecordable)
                _order = Order();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is run, in order.</summary>
    public IReadOnlyList<PlanStep> Steps { get; }

    /// <summary>Bytes of device memory for activations.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of the device's workspace as it is now.</summary>
    public long WorkspaceBytes => sizeof(float) * (long)(_device.Workspace.Block?.Length ?? 0);

    /// <summary>Where the activations are. Whoever works there between two runs destroys what inputs and outputs hold.</summary>
    public DeviceMemory Arena => _arena;

    /// <summary>The tensor of an input or output.</summary>
    /// <exception cref="ShapeException">There is none of that name.</exception>
    public Tensor this[string name] => _named.TryGetValue(name, out Tensor tensor)
        ? tensor
        : throw new ShapeException($"the plan has no input or output '{name}'; it has {string.Join(", ", _named.Keys)}");

    /// <summary>Enqueues all operations; from the second run on as a recording, if the device can.</summary>
    /// <param name="cancellation">Ends it before the next operation; of a recording, before the first.</param>
    /// <exception cref="DeviceException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">The plan, its network or the device has been disposed.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        lock (_device.Lock)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_hasRun || !TryReplay())
            {
                for (int i = 0; i < _operations.Length; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    Enqueue(i);
                }
            }
            _hasRun = true;
        }
    }

    /// <summary>Enqueues all operations with a mark before the first and after the last, or after each.</summary>
    public Marker[] RunMarked(bool afterEach)
    {
        _device.PrepareMarks(_operations.Length + 1);
        var marks = new List<Marker> { _device.Mark() };
        for (int i = 0; i < _operations.Length; i++)
        {
            Enqueue(i);
            if (afterEach || i == _operations.Length - 1)
                marks.Add(_device.Mark());
        }
        return [.. marks];
    }

    /// <summary>
    /// Enqueues all operations as a recording, with a mark before and after; null if the device cannot. They have been
    /// enqueued one by one before.
    /// </summary>
    public Marker[]? RunReplayed()
    {
        Marker start = _device.Mark();
        return TryReplay() ? [start, _device.Mark()] : null;
    }

    /// <summary>What the driver says of the launches of a step, if it says anything. All have been run before.</summary>
    public IReadOnlyList<KernelLaunch> LaunchesOf(int step) => _device.LaunchesOf(_operations[step].Variant, () => Enqueue(step));

    /// <summary>Gives the arena back, unless it is somebody else's.</summary>
    public void Dispose()
    {
        _recording?.Dispose();
        if (!_isLent)
            _arena.Dispose();
    }

    private void Enqueue(int step) => _operations[step].Run(_inputs[step], _outputs[step]);

    /// <summary>Enqueues the recording, which is made if there is none that holds; false if the device cannot.</summary>
    private bool TryReplay()
    {
        foreach (DeviceMemory memory in _memories)
            memory.ThrowIfDisposed();
        if (_recording is { IsCurrent: false })
            Forget();
        if (_recording is null && _isRecordable)
            _recording = _device.TryRecord(_order, Enqueue);
        if (_recording?.TryReplay() == true)
            return true;
        // The device cannot do it, or has failed at it once: from now on it is spared.
        _isRecordable = false;
        Forget();
        return false;
    }

    /// <summary>
    /// For each operation those that it has to come after, when it has its place in the workspace: without one of its own it
    /// would wait for every other that needs some.
    /// </summary>
    private int[][] Order()
    {
        List<Touch>[] touches = [.. _operations.Select((_, step) => Touches(step))];
        int[][] after = StepOrder.After(touches);
        Allocation?[] places = StepOrder.Workspace(after, [.. _operations.Select(operation => operation.WorkspaceLength)]);
        if (places.All(place => place is null))
            return after;
        _device.Workspace.Reserve(MemoryPlanner.Place([.. places.OfType<Allocation>()]));
        for (int step = 0; step < places.Length; step++)
        {
            if (places[step] is not { } place)
                continue;
            _operations[step].WorkspaceOffset = place.Offset;
            touches[step].Add(Touch.Of(place));
        }
        return StepOrder.After(touches);
    }

    private List<Touch> Touches(int step) =>
    [
        .. _inputs[step].Select(tensor => Touch.Of(tensor, tensor.Shape.ImageLength, writes: false)),
        .. _outputs[step].Select(tensor => Touch.Of(tensor, Steps[step].Specification.Reach(tensor.Shape), writes: true)),
    ];

    private void Forget()
    {
        _recording?.Dispose();
        _recording = null;
    }
}
