using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// Writes the operators of a graph on a tape as training runs them: filters are tensors, batch norms take the statistics
/// of the batch (or running ones as constants; or those of the batches of a group of processes), dropout multiplies by a mask.
/// </summary>
internal sealed class ForwardPass(Tape tape, ParameterValues parameters, bool frozenStatistics, IProcessGroup? group = null)
{
    /// <summary>Whether running statistics are used as constants.</summary>
    public bool FrozenStatistics => frozenStatistics;

    /// <summary>The processes over whose batches statistics are taken; null where each batch stands for itself.</summary>
    public IProcessGroup? Group => frozenStatistics ? null : group;

    private readonly Dictionary<Node, (Value Mean, Value Variance)> _statistics = [];
    private readonly Dictionary<Node, Value> _masks = [];

    /// <summary>The masks of the dropouts by node, N,C,1,1 each: 0 or 1 / (1 - p).</summary>
    public IReadOnlyDictionary<Node, Value> Masks => _masks;

    /// <summary>The mean and variance that a batch norm uses.</summary>
    public (Value Mean, Value Variance) Statistics(Node norm) => _statistics[norm];

    /// <summary>Writes a node of the graph.</summary>
    public void Write(Node node)
    {
        if (node.Specification is BatchNorm)
            _statistics[node] = frozenStatistics ? Running(node) : OfBatch(node);
        if (node.Specification is Dropout2d)
            _masks[node] = tape.Input($"{node.Name} mask", tape.ShapeOf(node.Inputs[0]) with { H = 1, W = 1 });
        Specification specification = Trainable(node);
        tape.AddInto(node.Name, specification, [.. node.Inputs, .. Parameters(node)], node.Outputs);
    }

    /// <summary>Writes a node a second time, reading and making other values; statistics stay.</summary>
    public Value[] WriteAgain(Node node, Func<Value, Value> read) =>
        tape.Add($"{node.Name} again", Trainable(node), [.. node.Inputs.Select(read), .. Parameters(node)]);

    private Specification Trainable(Node node) => node.Specification switch
    {
        Convolution convolution => new TrainableConvolution(convolution, node.Parameters!.HasBias),
        BatchNorm => new BatchNormTransform(),
        Dropout2d => new ScaleChannels(),
        _ => node.Bind(tape.ShapeOf),
    };

    private Value[] Parameters(Node node) => node.Specification switch
    {
        Convolution when node.Parameters!.HasBias => [Parameter(node, "weight"), Parameter(node, "bias")],
        Convolution => [Parameter(node, "weight")],
        BatchNorm => [_statistics[node].Mean, _statistics[node].Variance, Parameter(node, "weight"), Parameter(node, "bias")],
        Dropout2d => [_masks[node]],
        _ => [],
    };

    private Value Parameter(Node node, string name) => parameters[node.Parameters!.Key(name)];

    private (Value, Value) Running(Node norm) => (Parameter(norm, "running_mean"), Parameter(norm, "running_var"));

    private (Value, Value) OfBatch(Node norm)
    {
        Shape x = tape.ShapeOf(norm.Inputs[0]);
        Value[] batch = tape.Add($"{norm.Name} statistics", new BatchStatistics(), norm.Inputs[0]);
        if (group is not null)
            batch = tape.Add($"{norm.Name} statistics of all", new GroupStatistics(group), batch);
        (Value mean, Value variance) = Running(norm);
        int count = checked(x.N * x.Plane * (group?.Count ?? 1));
        tape.AddInto($"{norm.Name} running", new RunningStatistics(count), batch, [mean, variance]);
        return (batch[0], batch[1]);
    }
}
