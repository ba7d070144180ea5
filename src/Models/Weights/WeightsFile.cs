using SpGpu.Layers;
using SpGpu.Models.Weights.PyTorch;

namespace SpGpu.Models.Weights;

/// <summary>Reads the weights of a model from a .safetensors or .pth file, told apart by content, not by name.</summary>
public static class WeightsFile
{
    /// <summary>What the names of momenta start with in a checkpoint of a run.</summary>
    public const string OptimizerPrefix = "optimizer.";

    /// <summary>What the metadata of a checkpoint starts with that says how the network was built and trained.</summary>
    public const string ConfigurationPrefix = "config.";

    /// <summary>What the names of a run's other tensors start with.</summary>
    public const string TrainingPrefix = "training.";

    private const string ModulePrefix = "module.";

    /// <summary>Whether a tensor of a .safetensors file belongs to a run that goes on, and not to the model.</summary>
    public static bool IsForTraining(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(OptimizerPrefix, StringComparison.Ordinal) || name.StartsWith(TrainingPrefix, StringComparison.Ordinal);
    }

    /// <summary>Reads the model's tensors under the names that the model gives them.</summary>
    /// <exception cref="WeightsException">The file cannot be read or is not a weights file.</exception>
    public static StateDict Read(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        return Read(source);
    }

    /// <summary>Reads a file that is in memory; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="WeightsException">The bytes are not a weights file.</exception>
    public static StateDict Read(byte[] bytes, string name)
    {
        using var source = new ByteSource(bytes, name);
        return Read(source);
    }

    /// <summary>
    /// Takes the prefix <c>module.</c>, which parallel training adds, from the names, if all of them have it.
    /// </summary>
    public static StateDict StripModulePrefix(StateDict tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (!tensors.Names.All(name => name.StartsWith(ModulePrefix, StringComparison.Ordinal)))
            return tensors;
        var stripped = new StateDict { Metadata = tensors.Metadata };
        foreach ((string name, HostTensor tensor) in tensors)
            stripped[name[ModulePrefix.Length..]] = tensor;
        return stripped;
    }

    // A .safetensors file may begin with the byte of a pickle (its header's length), but neither a zip archive nor a
    // checkpoint has a brace where its header begins.
    private static StateDict Read(ByteSource source) => StripModulePrefix(
        IsSafeTensors(source) ? SafeTensors.Read(source, name => !IsForTraining(name))
        : TorchArchive.Recognises(source) ? PyTorchCheckpoint.Read(source).Tensors
        : throw source.Refused(
            source.Length == 0 ? "it is empty" : "it is neither a .safetensors nor a .pth file",
            "if it was downloaded, look whether a web page or a git-lfs pointer was saved in its place"));

    private static bool IsSafeTensors(ByteSource source)
    {
        Span<byte> start = stackalloc byte[9];
        if (source.Length < start.Length)
            return false;
        source.Read(0, start);
        return start[8] == '{';
    }
}
