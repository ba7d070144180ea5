using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>The values that stand for parameters, their gradients and running statistics on a tape.</summary>
internal sealed class ParameterValues(Tape tape, ParameterMemory memory)
{
    private readonly Dictionary<Value, Tensor> _elsewhere = [];
    private readonly Dictionary<(string, bool), Value> _values = [];

    /// <summary>Where each value that was asked for lies.</summary>
    public IReadOnlyDictionary<Value, Tensor> Elsewhere => _elsewhere;

    /// <summary>A parameter or a running statistic.</summary>
    public Value this[string name] => Find(name, isGradient: false);

    /// <summary>The gradient of a parameter.</summary>
    public Value Gradient(string name) => Find(name, isGradient: true);

    private Value Find(string name, bool isGradient)
    {
        if (!_values.TryGetValue((name, isGradient), out Value? value))
        {
            Tensor tensor = isGradient ? memory.Gradient(name) : memory.Tensor(name);
            value = tape.Input(isGradient ? $"{name} gradient" : name, tensor.Shape);
            _values[(name, isGradient)] = value;
            _elsewhere[value] = tensor;
        }
        return value;
    }
}
