using System.Collections.ObjectModel;

namespace SpGpu.Layers;

/// <summary>
/// Tensors by PyTorch state-dict name that are loaded when they are asked for: those of a <see cref="StateDict"/>, or of
/// a file that is open. A network is put on a device from one, a tensor at a time.
/// </summary>
public interface ITensorSource
{
    /// <summary>The file that they come from, for errors; null where there is none.</summary>
    string? Origin => null;

    /// <summary>Free text by key beside the tensors.</summary>
    IReadOnlyDictionary<string, string> Metadata => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The names in order.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>The extents of a tensor, which is not loaded for it; null where there is none of that name.</summary>
    IReadOnlyList<int>? ShapeOf(string name);

    /// <summary>Loads a tensor.</summary>
    /// <exception cref="WeightsException">There is none of that name, or it cannot be read.</exception>
    HostTensor Load(string name);

    /// <summary>Loads a tensor of floats into memory that is there; false where it holds integers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">Takes its elements, as many as it has.</param>
    /// <exception cref="WeightsException">There is none of that name, or it cannot be read.</exception>
    bool TryLoad(string name, Span<float> values)
    {
        if (Load(name).Data is not float[] floats)
            return false;
        floats.CopyTo(values);
        return true;
    }
}
