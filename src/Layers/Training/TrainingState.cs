using System.Runtime.InteropServices;
using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>Parameters, gradients, moments and buffers of a graph on a device, in and out by their PyTorch names.</summary>
internal sealed class TrainingState : IDisposable
{
    private readonly Graph _graph;
    private readonly IReadOnlyList<ParameterInfo> _parameters;
    private readonly IReadOnlyList<string> _moments;
    private readonly Dictionary<string, long> _counters = [];
    private long _batches;
    private float[]? _onHost;

    /// <exception cref="WeightsException">A parameter is missing, has another shape or holds NaN.</exception>
    public TrainingState(Device device, Graph graph, ITensorSource state, TrainingOptions options)
    {
        (_graph, _parameters, _moments) = (graph, graph.Parameters, options.Moments);
        Memory = new ParameterMemory(device, _parameters, options);
        try
        {
            Restore(state, new StateDict(), average: null);
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
    public StateDict Read() => ReadAll(Memory.Values);

    /// <summary>The same of the average; null where none is kept.</summary>
    public StateDict? ReadAverage() => Memory.Average is { } average ? ReadAll(average) : null;

    /// <summary>The gradients.</summary>
    public StateDict ReadGradients() => Read(parameter => parameter.IsTrained, Memory.Gradients);

    /// <summary>The moments: each parameter's under its name and <see cref="TrainingOptions.Moments"/>.</summary>
    public StateDict ReadMomenta()
    {
        var momenta = new StateDict();
        for (int i = 0; i < _moments.Count; i++)
        {
            foreach ((string name, HostTensor tensor) in Read(parameter => parameter.IsTrained, Memory.Moments[i]))
                momenta[name + _moments[i]] = tensor;
        }
        return momenta;
    }

    /// <summary>Replaces the gradients by their sums over the processes of a group.</summary>
    public void AddGradients(IProcessGroup group)
    {
        Span<float> gradients = Memory.Gradients.OnHost;
        if (!gradients.IsEmpty)
        {
            group.Sum(gradients);
            return;
        }
        gradients = _onHost ??= GC.AllocateUninitializedArray<float>(Memory.Gradients.Length);
        Memory.Gradients.Download(MemoryMarshal.AsBytes(gradients), 0);
        group.Sum(gradients);
        Memory.Gradients.Upload(MemoryMarshal.AsBytes(gradients), 0);
    }

    /// <summary>Replaces parameters, running statistics and their averages by those of process 0.</summary>
    public void TakeValuesOfFirst(IProcessGroup group)
    {
        foreach (DeviceMemory block in ((DeviceMemory?[])[Memory.Values, Memory.Average]).OfType<DeviceMemory>())
        {
            float[] values = ReadBlock(block);
            group.Broadcast(MemoryMarshal.AsBytes(values.AsSpan()));
            block.Upload(MemoryMarshal.AsBytes<float>(values), 0);
        }
    }

    /// <summary>Does something that is not to count: gradients and running statistics are put back behind it.</summary>
    public T Uncounted<T>(Func<T> work)
    {
        StateDict gradients = ReadGradients();
        StateDict statistics = Read(parameter => !parameter.IsInteger && !parameter.IsTrained, Memory.Values);
        try
        {
            return work();
        }
        finally
        {
            Put(gradients, Memory.Gradients);
            Put(statistics, Memory.Values);
        }
    }

    /// <summary>
    /// Sets parameters and buffers, and the moments that are given; gradients become zero. An average that is kept and not
    /// given starts as what the parameters are.
    /// </summary>
    /// <exception cref="WeightsException">A parameter is missing, has another shape or holds NaN.</exception>
    public void Restore(ITensorSource state, ITensorSource momenta, ITensorSource? average)
    {
        ParameterInfo[] floats = [.. _parameters.Where(parameter => !parameter.IsInteger)];
        Write(state, floats, Memory.Values);
        if (Memory.Average is { } block)
            Write(average ?? state, floats, block);
        for (int i = 0; i < _moments.Count; i++)
        {
            var moment = new MomentSource(momenta, _moments[i]);
            Write(moment, floats.Where(parameter => moment.ShapeOf(parameter.Name) is not null), Memory.Moments[i]);
        }
        foreach (ParameterInfo counter in _parameters.Where(parameter => parameter.IsInteger))
        {
            // Files from before PyTorch 0.4.1 have no counters.
            _counters[counter.Name] = state.ShapeOf(counter.Name) is null ? 0 : Counted(state.Load(counter.Name), counter);
        }
        Memory.Gradients.Clear();
        _batches = 0;
    }

    public void Dispose() => Memory.Dispose();

    private static float[] ReadBlock(DeviceMemory block)
    {
        var values = GC.AllocateUninitializedArray<float>(block.Length);
        block.Download(MemoryMarshal.AsBytes(values.AsSpan()), 0);
        return values;
    }

    private StateDict ReadAll(DeviceMemory block)
    {
        var state = new StateDict();
        foreach (ParameterInfo parameter in _parameters)
        {
            state[parameter.Name] = parameter.IsInteger
                ? new HostTensor([_counters[parameter.Name] + _batches], parameter.Shape)
                : Read(parameter, block);
        }
        return state;
    }

    private StateDict Read(Func<ParameterInfo, bool> which, DeviceMemory block)
    {
        var state = new StateDict();
        foreach (ParameterInfo parameter in _parameters.Where(which))
            state[parameter.Name] = Read(parameter, block);
        return state;
    }

    private void Put(StateDict state, DeviceMemory block)
    {
        foreach ((string name, HostTensor tensor) in state)
            Memory.Layout.Tensor(name, block).Upload<float>(tensor.Floats);
    }

    private HostTensor Read(ParameterInfo parameter, DeviceMemory block) =>
        new(Memory.Layout.Tensor(parameter.Name, block).ToHost(), parameter.Shape);

    private void Write(ITensorSource source, IEnumerable<ParameterInfo> parameters, DeviceMemory block)
    {
        var reader = new ParameterReader(_graph, source);
        foreach (ParameterInfo parameter in parameters)
            reader.Require(parameter.Name);
        foreach (ParameterInfo parameter in parameters)
            Memory.Layout.Tensor(parameter.Name, block).Upload<float>(reader.Read(parameter.Name));
    }

    private static long Counted(HostTensor tensor, ParameterInfo parameter) => tensor.Data is long[] and [long batches]
        ? batches
        : throw new WeightsException($"'{parameter.Name}' has shape {HostTensor.Describe(tensor.Shape)}; one 64-bit integer is needed");
}
