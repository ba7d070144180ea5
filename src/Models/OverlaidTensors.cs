using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>The tensors of one source, with some of them taken from another.</summary>
internal sealed class OverlaidTensors(ITensorSource below, ITensorSource above, IReadOnlySet<string> fromAbove) : ITensorSource
{
    public string? Origin => above.Origin;

    public IReadOnlyDictionary<string, string> Metadata => above.Metadata;

    public IEnumerable<string> Names => below.Names;

    public IReadOnlyList<int>? ShapeOf(string name) => Of(name).ShapeOf(name);

    public HostTensor Load(string name) => Of(name).Load(name);

    public bool TryLoad(string name, Span<float> values) => Of(name).TryLoad(name, values);

    private ITensorSource Of(string name) => fromAbove.Contains(name) ? above : below;
}
