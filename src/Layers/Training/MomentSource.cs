namespace SpGpu.Layers.Training;

/// <summary>One moment of all parameters under the names of the parameters, out of a source with all moments.</summary>
internal sealed class MomentSource(ITensorSource moments, string suffix) : ITensorSource
{
    public string? Origin => moments.Origin;

    public IEnumerable<string> Names =>
        moments.Names.Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Select(name => name[..^suffix.Length]);

    public IReadOnlyList<int>? ShapeOf(string name) => moments.ShapeOf(name + suffix);

    public HostTensor Load(string name) => moments.Load(name + suffix);

    public bool TryLoad(string name, Span<float> values) => moments.TryLoad(name + suffix, values);
}
