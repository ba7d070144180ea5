using System.Collections.ObjectModel;
using SpGpu.Layers;
using SpGpu.Models.Weights.PyTorch;

namespace SpGpu.Models.Weights;

/// <summary>
/// A checkpoint that <c>torch.save</c> wrote, as a zip archive or in the format from before PyTorch 1.6. Its pickle is
/// read as data: nothing of the file is ever executed.
/// </summary>
public sealed class PyTorchCheckpoint
{
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

    /// <summary>Reads the pickle and finds the model's tensors.</summary>
    internal static StoredTensors Open(ByteSource source)
    {
        TorchArchive archive = TorchArchive.Read(source);
        StoredTensor[] tensors = TorchTensorLoader.Store(archive, TorchModel.Find(source, archive.Root));
        long? epoch = (archive.Root as PickleDict)?.Entries.GetValueOrDefault("epoch") as long?;
        return new StoredTensors(archive.Kind, tensors, ReadOnlyDictionary<string, string>.Empty, epoch);
    }

    private static PyTorchCheckpoint Read(ByteSource source)
    {
        StoredTensors stored = Open(source);
        return new PyTorchCheckpoint(stored.Load(source), stored.Epoch);
    }

    private static StateDict ReadAll(ByteSource source)
    {
        TorchArchive archive = TorchArchive.Read(source);
        StoredTensor[] tensors = TorchTensorLoader.Store(archive, new TensorPaths(source).Find(archive.Root));
        return new StoredTensors(archive.Kind, tensors, ReadOnlyDictionary<string, string>.Empty).Load(source);
    }
}
