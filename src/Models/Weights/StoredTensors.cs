using SpGpu.Layers;

namespace SpGpu.Models.Weights;

/// <summary>The model's tensors of a file of which the header or the pickle was read, but no data.</summary>
/// <param name="Kind">The file's format in words.</param>
/// <param name="Tensors">The tensors in the order of the file.</param>
/// <param name="Metadata">The free text by key that the file carries.</param>
/// <param name="Epoch">The epoch that a checkpoint of PyTorch keeps.</param>
internal sealed record StoredTensors(
    string Kind, IReadOnlyList<StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata, long? Epoch = null)
{
    /// <summary>Loads all tensors, block by block.</summary>
    /// <exception cref="WeightsException">Elements cannot be read, or two tensors have one name.</exception>
    public StateDict Load(ByteSource source)
    {
        var loaded = new HostTensor[Tensors.Count];
        foreach (int i in Enumerable.Range(0, loaded.Length).OrderBy(i => Tensors[i].Block))
            loaded[i] = Tensors[i].Open().Load();
        var state = new StateDict { Metadata = Metadata };
        for (int i = 0; i < loaded.Length; i++)
        {
            if (!state.TryAdd(Tensors[i].Name, loaded[i]))
                throw source.Refused($"two tensors are called {Quoted.Text(Tensors[i].Name)}", "save each under a name of its own");
        }
        return state;
    }
}
