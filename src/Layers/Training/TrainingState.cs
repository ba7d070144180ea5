using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>Parameters, gradients, momenta and buffers of a graph on a device, in and out by their PyTorch names.</summary>
internal sealed class TrainingState : IDisposable
{
    private readonly IReadOnlyList<ParameterInfo> _parameters;
    private readonly Dictionary<string, long> _counters = [];
    private long _batches;

    /// <exception cref="WeightsException">A parameter is missing, has another shape or holds NaN.</exception>
    public TrainingState(Device device, Graph graph, StateDict state, Func<string, int> groupOf, int groups)
    {
        _parameters = graph.Parameters;
        Memory = new ParameterMemory(device, _parameters, groupOf, groups);
        try
        {
            Restore(state, new StateDict());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where everything lies.</summary>
    public ParameterMemory Memory { get; }

    /// <summary>Counts a batch whose statistics have been taken (num_batches_tracked).</summary>
    public void CountBatch() => _batches++;

    /// <summary>Parameters and buffers, in the order of the graph.</summary>
    public StateDict Read()
    {
        var state = new StateDict();
        foreach (ParameterInfo parameter in _parameters)
        {
            state[parameter.Name] = parameter.IsInteger
                ? new HostTensor([_counters[parameter.Name] + _batches], parameter.Shape)
                : Read(parameter, Memory.Values);
        }
        return state;
    }

    /// <summary>The gradients.</summary>
    public StateDict ReadGradients() => ReadTrained(Memory.Gradients);

    /// <summary>The momenta.</summary>
    public StateDict ReadMomenta() => ReadTrained(Memory.Momenta);

    /// <summary>Sets parameters and buffers, and the momenta that are given; gradients become zero.</summary>
    public void Restore(StateDict state, StateDict momenta)
    {
        foreach (ParameterInfo parameter in _parameters)
        {
            // Files from before PyTorch 0.4.1 have no counters.
            if (parameter.IsInteger)
                _counters[parameter.Name] = state.TryGet(parameter.Name, out HostTensor? counter) ? Counted(counter, parameter) : 0;
            else
                Write(state[parameter.Name], Memory.Values, parameter);
            if (momenta.TryGet(parameter.Name, out HostTensor? momentum))
                Write(momentum, Memory.Momenta, parameter);
        }
        Memory.Gradients.Clear();
        _batches = 0;
    }

    public void Dispose() => Memory.Dispose();

    private StateDict ReadTrained(DeviceMemory block)
    {
        var state = new StateDict();
        foreach (ParameterInfo parameter in _parameters)
        {
            if (Memory.Layout.IsTrained(parameter.Name))
                state[parameter.Name] = Read(parameter, block);
        }
        return state;
    }

    private HostTensor Read(ParameterInfo parameter, DeviceMemory block)
    {
        Tensor tensor = Memory.Layout.Tensor(parameter.Name, block);
        var data = new float[tensor.Shape.Count];
        tensor.Download<float>(data);
        return new HostTensor(data, parameter.Shape);
    }

    private void Write(HostTensor tensor, DeviceMemory block, ParameterInfo parameter)
    {
        if (!tensor.Shape.SequenceEqual(parameter.Shape))
        {
            throw new WeightsException(
                $"'{parameter.Name}' has shape {HostTensor.Describe(tensor.Shape)}, {HostTensor.Describe(parameter.Shape)} is needed; check that the weights are for this model");
        }
        WeightValues.Check(parameter.Name, tensor);
        Memory.Layout.Tensor(parameter.Name, block).Upload<float>(tensor.Floats);
    }

    private static long Counted(HostTensor tensor, ParameterInfo parameter) => tensor.Data is long[] and [long batches]
        ? batches
        : throw new WeightsException($"'{parameter.Name}' has shape {HostTensor.Describe(tensor.Shape)}; one 64-bit integer is needed");
}
