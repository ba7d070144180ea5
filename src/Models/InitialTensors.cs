using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>
/// The initial values of a graph's parameters as <see cref="Initializer"/> describes them, made when they are asked for.
/// </summary>
internal sealed class InitialTensors(Graph graph, int seed) : ITensorSource
{
    /// <summary>Where a layer scale starts: what it scales has little to say at first.</summary>
    private const float LayerScale = 0.01f;

    private readonly OrderedDictionary<string, ParameterInfo> _parameters =
        new(graph.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter)), StringComparer.Ordinal);

    public IEnumerable<string> Names => _parameters.Keys;

    public IReadOnlyList<int>? ShapeOf(string name) => _parameters.TryGetValue(name, out ParameterInfo? parameter) ? parameter.Shape : null;

    public HostTensor Load(string name)
    {
        ParameterInfo parameter = _parameters[name];
        if (parameter.IsInteger)
            return new HostTensor(new long[1]);
        var values = new float[parameter.Count];
        Fill(parameter, values);
        return new HostTensor(values, parameter.Shape);
    }

    public bool TryLoad(string name, Span<float> values)
    {
        ParameterInfo parameter = _parameters[name];
        if (!parameter.IsInteger)
            Fill(parameter, values);
        return !parameter.IsInteger;
    }

    private void Fill(ParameterInfo parameter, Span<float> values)
    {
        if (parameter.Groups > 0 && !parameter.Name.EndsWith(".weight", StringComparison.Ordinal))
        {
            values.Fill(LayerScale);
            return;
        }
        string prefix = parameter.Name[..parameter.Name.LastIndexOf('.')];
        bool isMean = parameter.Name.EndsWith("running_mean", StringComparison.Ordinal);
        IReadOnlyList<int> weight = isMean ? [] : _parameters[$"{prefix}.weight"].Shape;
        if (weight.Count != 4)
        {
            // Batch norm: gamma and the variance are 1, beta and the mean 0.
            string[] ones = [".weight", ".running_var"];
            values.Fill(ones.Any(ending => parameter.Name.EndsWith(ending, StringComparison.Ordinal)) ? 1f : 0f);
            return;
        }
        ulong stream = Key(parameter.Name);
        bool isBackboneFilter = parameter.Shape.Count == 4 && BackboneNames.Holds(parameter.Name);
        double deviation = Math.Sqrt(2.0 * parameter.Groups / (weight[0] * weight[2] * weight[3]));
        double bound = 1 / Math.Sqrt(weight[1] * weight[2] * weight[3]);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(isBackboneFilter ? deviation * Normal(stream, i) : bound * (2 * Uniform(stream, 2 * (ulong)i) - 1));
    }

    /// <summary>The start of a tensor's stream: FNV-1a of the name, mixed with the seed.</summary>
    private ulong Key(string name) => Fnv1a.Of(name) ^ ((ulong)(uint)seed * 0xD6E8FEB86659FD93);

    /// <summary>A standard normal number (Box and Muller) from two of the stream.</summary>
    private static double Normal(ulong stream, int index)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(stream, 2 * (ulong)index)));
        return radius * Math.Cos(2 * Math.PI * Uniform(stream, 2 * (ulong)index + 1));
    }

    /// <summary>Number <paramref name="index"/> of a stream, in [0, 1): splitmix64 as a counter-based generator.</summary>
    private static double Uniform(ulong stream, ulong index) =>
        SplitMix64.ToUnit(SplitMix64.Mix(stream + (index + 1) * SplitMix64.Step));
}
