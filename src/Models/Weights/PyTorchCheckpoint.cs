using System.Collections.ObjectModel;
using SpGpu.Models.Weights.PyTorch;

namespace SpGpu.Models.Weights;

/// <summary>
/// A checkpoint that <c>torch.save</c> wrote, as a zip archive or in the format from before PyTorch 1.6. Its pickle is
/// read as data: nothing of the file is ever executed.
/// </summary>
internal static class PyTorchCheckpoint
{
    /// <summary>
    /// Opens a checkpoint with every tensor that it holds, each under the first way to it, such as
    /// <c>optimizer/state/0/momentum_buffer</c>; <see cref="WeightsFile.Open(string)"/> gives the model's alone.
    /// </summary>
    /// <exception cref="WeightsException">The file cannot be read or is no checkpoint.</exception>
    public static WeightsFile Open(string path) => WeightsFile.Open(ByteSource.Open(path), All);

    /// <summary>The same for bytes that are in memory; <paramref name="name"/> is for messages.</summary>
    internal static WeightsFile Open(byte[] bytes, string name) => WeightsFile.Open(new ByteSource(bytes, name), All);

    /// <summary>The model's tensors in a checkpoint, under the names of the file, and what it says of the classes.</summary>
    internal static StoredTensors Model(TorchArchive archive)
    {
        List<KeyValuePair<string, TorchTensor>> tensors = TorchModel.Find(archive.Source, archive.Root);
        NetworkClasses classes = TorchClasses.Of(archive.Root, tensors.Select(tensor => tensor.Value));
        return Store(archive, tensors) with { Metadata = classes.Metadata };
    }

    private static StoredTensors All(ByteSource source)
    {
        TorchArchive archive = TorchArchive.TryRead(source) ?? throw (FileFormat.Of(source) is { } kind
            ? source.Refused($"it is {kind.Name}, and a .pth file is needed", kind.Remedy)
            : source.Damaged("it does not start like a .pth file"));
        return Store(archive, new TensorPaths(source).Find(archive.Root));
    }

    private static StoredTensors Store(TorchArchive archive, List<KeyValuePair<string, TorchTensor>> tensors)
    {
        long? epoch = (archive.Root as PickleDict)?.Entries.GetValueOrDefault("epoch") as long?;
        return new StoredTensors(archive.Kind, TorchTensorLoader.Store(archive, tensors), ReadOnlyDictionary<string, string>.Empty, epoch);
    }
}
