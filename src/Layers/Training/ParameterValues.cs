using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>The values that stand for parameters, their gradients and running statistics on a tape.</summary>
/// <param name="tape">The tape.</param>
/// <param name="layout">Where they lie in a block.</param>
/// <param name="values">The block of parameters and running statistics.</param>
/// <param name="gradients">The block of gradients; null where nothing asks for one.</param>
internal sealed class ParameterValues(Tape tape, ParameterLayout layout, DeviceMemory values, DeviceMemory? gradients = null)
{
    private readonly Dictionary<Value, Tensor> _elsewhere = [];
    private readonly Dictionary<(string, bool), Value> _values = [];

    /// <summary>Where each value that was asked for lies.</summary>
    public IReadOnlyDictionary<Value, Tensor> Elsewhere => _elsewhere;

    /// <summary>A parameter or a running statistic.</summary>
    public Value this[string name] => Find(name, isGradient: false);

    /// <summary>The gradient of a parameter.</summary>
    public Value Gradient(string name) => Find(name, isGradient: true);

    /// <summary>A tensor beside the parameters that lies in memory of its own, too.</summary>
    public Value Beside(string name, Tensor tensor)
    {
        Value value = tape.Input(name, tensor.Shape, tensor.Type);
        _elsewhere[value] = tensor;
        return value;
    }

    private Value Find(string name, bool isGradient)
    {
        if (!_values.TryGetValue((name, isGradient), out Value? value))
        {
            value = Beside(isGradient ? $"{name} gradient" : name, layout.Tensor(name, isGradient ? gradients! : values));
            _values[(name, isGradient)] = value;
        }
        return value;
    }
}
