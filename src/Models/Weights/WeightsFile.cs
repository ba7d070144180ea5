using SpGpu.Layers;
using SpGpu.Models.Weights.PyTorch;

namespace SpGpu.Models.Weights;

/// <summary>
/// Reads the weights of a model from a .safetensors or .pth file, told apart by content, not by name. What a file may
/// take of memory follows from its size.
/// </summary>
public static class WeightsFile
{
    /// <summary>What the names of momenta start with in a checkpoint of a run.</summary>
    public const string OptimizerPrefix = "optimizer.";

    /// <summary>What the metadata of a file starts with that says how the network is built.</summary>
    public const string NetworkPrefix = "network.";

    /// <summary>What the metadata of a checkpoint starts with that says how the network was trained.</summary>
    public const string ConfigurationPrefix = "config.";

    /// <summary>What the names of a run's other tensors start with.</summary>
    public const string TrainingPrefix = "training.";

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

    /// <summary>Reads what the file says of the model's tensors, and none of their elements.</summary>
    /// <exception cref="WeightsException">The file cannot be read or is not a weights file.</exception>
    public static WeightsDescription Describe(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        StoredTensors stored = Open(source);
        return new WeightsDescription(
            stored.Kind, [.. stored.Tensors.Select(tensor => new TensorDescription(tensor.Name, tensor.Type.ToString(), tensor.Shape))], stored.Metadata, stored.Epoch);
    }

    /// <summary>
    /// Looks for numbers that no network can use, piece by piece: the names of the tensors that have some, with what is
    /// wrong with each.
    /// </summary>
    /// <exception cref="WeightsException">The file cannot be read or is not a weights file.</exception>
    public static IReadOnlyList<(string Name, string Problem)> FindUnusable(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        var unusable = new List<(string, string)>();
        foreach (StoredTensor tensor in Open(source).Tensors.OrderBy(tensor => tensor.Block))
        {
            string? problem = null;
            tensor.Open().Visit(values => problem ??= WeightValues.Problem(tensor.Name, values));
            if (problem is not null)
                unusable.Add((tensor.Name, problem));
        }
        return unusable;
    }

    /// <summary>What a file is that is no .safetensors file, such as <c>an array of NumPy (.npy)</c>; null where that is not known.</summary>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static string? OtherKind(string path)
    {
        using ByteSource source = ByteSource.Open(path);
        return SafeTensorsHeader.IsIn(source) ? null : FileFormat.Of(source)?.Name;
    }

    /// <summary>Takes from the names the prefixes of wrappers such as <c>module.</c>, which parallel training adds.</summary>
    public static StateDict StripModulePrefix(StateDict tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        string?[] names = ModelNames.Of([.. tensors.Names]);
        var stripped = new StateDict { Metadata = tensors.Metadata };
        foreach ((string? name, HostTensor tensor) in names.Zip(tensors.Select(pair => pair.Value)))
        {
            if (name is not null)
                stripped[name] = tensor;
        }
        return stripped;
    }

    private static StateDict Read(ByteSource source)
    {
        StateDict tensors = Open(source).Load(source);
        foreach (string name in tensors.Names.Where(LoadReport.IsCounter).ToArray())
        {
            // PyTorch before 0.4 knew no tensors without extents, and takes such a counter today as it does one of any type.
            if (tensors[name] is { Count: 1, Data: var data })
                tensors[name] = new HostTensor([data switch { float[] floats => (long)floats[0], long[] integers => integers[0], _ => ((byte[])data)[0] }]);
        }
        return tensors;
    }

    /// <summary>The model's tensors under the model's names.</summary>
    private static StoredTensors Open(ByteSource source)
    {
        // A .safetensors file may begin with the byte of a pickle: its header's length.
        StoredTensors stored = SafeTensorsHeader.IsIn(source) ? SafeTensors.Open(source)
            : TorchArchive.Recognises(source) ? PyTorchCheckpoint.Open(source)
            : FileFormat.Of(source) is { } kind ? throw source.Refused($"it is {kind.Name}", kind.Remedy)
            : throw source.Refused("it is neither a .safetensors nor a .pth file", "look whether it was copied or downloaded whole");
        StoredTensor[] model = [.. stored.Tensors.Where(tensor => !IsForTraining(tensor.Name))];
        string?[] names = ModelNames.Of([.. model.Select(tensor => tensor.Name)]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => name is not null && !seen.Add(name)) is { } twice)
            throw source.Refused($"two tensors are called {Quoted.Text(twice)}, without what wrappers put before their names", "save each under a name of its own");
        return stored with
        {
            Tensors = [.. model.Zip(names).Where(pair => pair.Second is not null).Select(pair => pair.First with { Name = pair.Second! })],
        };
    }
}
