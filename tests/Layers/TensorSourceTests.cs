using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Layers.Tests;

/// <summary>A network takes its parameters from a source one at a time, and each once.</summary>
public sealed class TensorSourceTests : IDisposable
{
    private readonly Device _device = Device.Open("cpu", new() { Threads = 1 });
    private readonly Graph _graph = new();

    public TensorSourceTests()
    {
        Value x = _graph.ConvBnRelu(_graph.Input("x", 3), "a", 8, kernel: 3);
        _graph.Output("y", _graph.Conv(x, "b", 4, kernel: 1));
        _graph.Output("z", _graph.Conv(x, "c", 64, kernel: 5));
    }

    public void Dispose() => _device.Dispose();

    [Fact]
    public void A_network_reads_what_its_outputs_need_once()
    {
        var source = new CountingSource(GraphTests.State(_graph));
        using (new Network(_graph, source, _device, "y"))
        {
            // Without the filter of the other output, and without counters.
            IEnumerable<string> needed = _graph.Parameters.Where(parameter => !parameter.IsInteger).Select(parameter => parameter.Name)
                .Where(name => !name.StartsWith("c.", StringComparison.Ordinal));
            Assert.Equal(needed.Order(StringComparer.Ordinal), source.Read.Order(StringComparer.Ordinal));
            Assert.Empty(source.Loaded);
        }
    }

    [Fact]
    public void Training_reads_each_parameter_once()
    {
        var source = new CountingSource(GraphTests.State(_graph));
        using (new TrainingNetwork(_graph, source, _device, new() { Losses = [new("y", 1)] }))
        {
            Assert.Equal(_graph.Parameters.Where(p => !p.IsInteger).Select(p => p.Name), source.Read);
            Assert.Equal(_graph.Parameters.Where(p => p.IsInteger).Select(p => p.Name), source.Loaded);
        }
    }

    [Fact]
    public void The_file_is_named_where_a_parameter_cannot_be_used()
    {
        StateDict state = GraphTests.State(_graph);
        state["b.bias"] = new HostTensor(new float[9], 9);
        WeightsException error = Assert.Throws<WeightsException>(() => new Network(_graph, new CountingSource(state), _device));
        Assert.StartsWith("'counted' cannot be used: 'b.bias' has shape [9], [4] is needed", error.Message);
    }

    /// <summary>Keeps record of what is asked of a state dict.</summary>
    private sealed class CountingSource(StateDict state) : ITensorSource
    {
        public List<string> Loaded { get; } = [];

        public List<string> Read { get; } = [];

        public string Origin => "counted";

        public IEnumerable<string> Names => state.Names;

        public IReadOnlyList<int>? ShapeOf(string name) => ((ITensorSource)state).ShapeOf(name);

        public HostTensor Load(string name)
        {
            Loaded.Add(name);
            return state[name];
        }

        public bool TryLoad(string name, Span<float> values)
        {
            Read.Add(name);
            state[name].Floats.CopyTo(values);
            return true;
        }
    }
}
