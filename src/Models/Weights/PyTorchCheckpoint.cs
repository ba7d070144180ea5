using SpGpu.Layers;
using SpGpu.Models.Weights.PyTorch;

namespace SpGpu.Models.Weights;

/// <summary>
/// A checkpoint that <c>torch.save</c> wrote, as a zip archive or in the format from before PyTorch 1.6. Its pickle is
/// read as data: nothing of the file is ever executed.
/// </summary>
public sealed class PyTorchCheckpoint
{
    /// <summary>Where training scripts keep the state dict of the model.</summary>
    private static readonly string[] _modelKeys = ["state_dict", "model", "net"];

    private PyTorchCheckpoint(StateDict tensors, long? epoch)
    {
        Tensors = tensors;
        Epoch = epoch;
    }

    /// <summary>
    /// The model's state dict, under the names of the file. Entries that are not tensors are left out.
    /// </summary>
    public StateDict Tensors { get; }

    /// <summary>The number that the checkpoint keeps under <c>epoch</c>, if any.</summary>
    public long? Epoch { get; }

    /// <summary>Reads the model's tensors; those of the optimiser are not loaded.</summary>
    /// <exception cref="WeightsException">The file cannot be read or holds no state dict.</exception>
    public static PyTorchCheckpoint Read(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        return Read(source);
    }

    /// <summary>Reads a checkpoint that is in memory; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="WeightsException">The bytes are no checkpoint or hold no state dict.</exception>
    public static PyTorchCheckpoint Read(byte[] bytes, string name)
    {
        using var source = new ByteSource(bytes, name);
        return Read(source);
    }

    /// <summary>
    /// Reads every tensor of a checkpoint, each under the first way to it, such as
    /// <c>optimizer/state/0/momentum_buffer</c>.
    /// </summary>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static StateDict ReadAll(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        return ReadAll(source);
    }

    /// <summary>Reads every tensor of a checkpoint that is in memory; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="WeightsException">The bytes are no checkpoint.</exception>
    public static StateDict ReadAll(byte[] bytes, string name)
    {
        using var source = new ByteSource(bytes, name);
        return ReadAll(source);
    }

    internal static PyTorchCheckpoint Read(ByteSource source)
    {
        TorchArchive archive = TorchArchive.Read(source);
        PickleDict top = archive.Root as PickleDict
            ?? throw source.Refused(
                $"it holds {Pickled.Describe(archive.Root)} where a state dict is expected", TorchGlobals.Remedy);
        StateDict tensors = TorchTensorLoader.Load(archive, ModelTensors(source, top));
        return new PyTorchCheckpoint(tensors, top.Entries.GetValueOrDefault("epoch") as long?);
    }

    private static StateDict ReadAll(ByteSource source)
    {
        TorchArchive archive = TorchArchive.Read(source);
        return TorchTensorLoader.Load(archive, new TensorPaths(source).Find(archive.Root));
    }

    private static List<KeyValuePair<string, TorchTensor>> ModelTensors(ByteSource source, PickleDict top)
    {
        IEnumerable<PickleDict> nested = _modelKeys.Select(key => top.Entries.GetValueOrDefault(key)).OfType<PickleDict>();
        PickleDict model = nested.Append(top).FirstOrDefault(dict => dict.Entries.Values.OfType<TorchTensor>().Any())
            ?? throw source.Refused(
                $"no tensors lie at its top or under {string.Join(", ", _modelKeys)} (its top has {Names(top)})",
                TorchGlobals.Remedy);
        var tensors = new List<KeyValuePair<string, TorchTensor>>();
        foreach ((object key, object? value) in model.Entries)
        {
            if (value is not TorchTensor tensor)
                continue;
            if (key is not string name)
                throw source.Refused("a tensor of its state dict has no name", TorchGlobals.Remedy);
            tensors.Add(new(name, tensor));
        }
        return tensors;
    }

    private static string Names(PickleDict dict) => dict.Entries.Count == 0 ? "nothing"
        : string.Join(", ", dict.Entries.Keys.Take(5).Select(key => Quoted.Text($"{key}")));
}
