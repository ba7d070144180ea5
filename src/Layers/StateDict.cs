using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace SpGpu.Layers;

/// <summary>Tensors by PyTorch state-dict name, in the order of the file or model they come from.</summary>
public sealed class StateDict : ITensorSource, IReadOnlyCollection<KeyValuePair<string, HostTensor>>
{
    private readonly OrderedDictionary<string, HostTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Free text by key that the file carried beside the tensors; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>The names in order.</summary>
    public IEnumerable<string> Names => _tensors.Keys;

    /// <summary>The tensor called <paramref name="name"/>; setting adds or replaces.</summary>
    /// <exception cref="WeightsException">There is none of that name.</exception>
    public HostTensor this[string name]
    {
        get => _tensors.TryGetValue(name, out HostTensor? tensor)
            ? tensor
            : throw new WeightsException($"no tensor '{name}' among the {Count} given; check that the weights are for this model");
        set => _tensors[name] = value;
    }

    /// <summary>Takes a tensor out; false where there is none of that name.</summary>
    public bool Remove(string name) => _tensors.Remove(name);

    /// <summary>Loads all tensors of a source.</summary>
    /// <exception cref="WeightsException">One cannot be read.</exception>
    public static StateDict Load(ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var state = new StateDict { Metadata = source.Metadata };
        foreach (string name in source.Names)
            state[name] = source.Load(name);
        return state;
    }

    /// <summary>Finds a tensor by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out HostTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    IReadOnlyList<int>? ITensorSource.ShapeOf(string name) => TryGet(name, out HostTensor? tensor) ? tensor.Shape : null;

    HostTensor ITensorSource.Load(string name) => this[name];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HostTensor>> GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Its kind and length: <c>StateDict of 161</c>.</summary>
    public override string ToString() => $"StateDict of {Count}";
}
