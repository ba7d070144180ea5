namespace SpGpu.Layers;

/// <summary>
/// Reads the parameters of a graph from a source, one at a time into the same array, and refuses those that cannot be
/// used: beside what is made of them there is memory for the largest alone.
/// </summary>
internal sealed class ParameterReader(Graph graph, ITensorSource source)
{
    private readonly Dictionary<string, ParameterInfo> _expected = graph.Parameters.ToDictionary(parameter => parameter.Name);
    private float[] _values = [];
    private int _longest;

    /// <summary>Throws unless the source has a parameter in its shape; the array becomes long enough for all that were asked for.</summary>
    /// <exception cref="WeightsException">It is missing or has another shape.</exception>
    public void Require(string name)
    {
        IReadOnlyList<int> found = source.ShapeOf(name)
            ?? throw Unusable($"no tensor '{name}' among the {source.Names.Count()} given; check that the weights are for this model");
        IReadOnlyList<int> needed = _expected[name].Shape;
        if (!found.SequenceEqual(needed))
        {
            string shapes = $"{HostTensor.Describe(found)}, {HostTensor.Describe(needed)} is needed";
            throw Unusable($"'{name}' has shape {shapes}; check that the weights are for this model");
        }
        _longest = Math.Max(_longest, Count(name));
    }

    /// <summary>The values of a parameter of the right shape; they may be changed, and last until the next is read.</summary>
    /// <exception cref="WeightsException">It holds integers, NaN, infinity or a negative variance, or cannot be read.</exception>
    public Span<float> Read(string name)
    {
        int count = Count(name);
        if (_values.Length < count)
            _values = new float[Math.Max(count, _longest)];
        Span<float> values = _values.AsSpan(0, count);
        if (!source.TryLoad(name, values))
            throw Unusable($"'{name}' holds integers where floats are needed; save it as float32");
        if (WeightValues.Problem(name, values) is string problem)
            throw Unusable($"'{name}' {problem}; take weights from before training went wrong, or copy the file again");
        return values;
    }

    private int Count(string name) => _expected[name].Count;

    private WeightsException Unusable(string problem) => new(source.Origin is { } file ? $"'{file}' cannot be used: {problem}" : problem);
}
