using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using SpGpu.Layers;
using SpGpu.Models.Weights.Onnx;
using SpGpu.Models.Weights.PyTorch;

namespace SpGpu.Models.Weights;

/// <summary>
/// An open file of weights: <c>.safetensors</c>, <c>.pth</c> or <c>.onnx</c>, told apart by content, not by name. Its header or pickle
/// is read and checked once, when it is opened; a tensor is read when it is asked for. What a file may take of memory
/// follows from its size. One thread at a time.
/// </summary>
public sealed class WeightsFile : ITensorSource, IDisposable
{
    /// <summary>What the names of momenta start with in a checkpoint of a run.</summary>
    internal const string OptimizerPrefix = "optimizer.";

    /// <summary>What the metadata of a file starts with that says how the network is built.</summary>
    internal const string NetworkPrefix = "network.";

    /// <summary>What the metadata of a checkpoint starts with that says how the network was trained.</summary>
    internal const string ConfigurationPrefix = "config.";

    /// <summary>What the names of a run's other tensors start with.</summary>
    internal const string TrainingPrefix = "training.";

    private readonly ByteSource _source;
    private readonly StoredTensors _stored;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private WeightsFile(ByteSource source, StoredTensors stored)
    {
        (_source, _stored) = (source, stored);
        foreach (StoredTensor tensor in stored.Tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
                throw source.Refused($"two tensors are called {Quoted.Text(tensor.Name)}", "save each under a name of its own");
        }
        Entries = [.. stored.Tensors.Select(tensor => new TensorDescription(tensor.Name, tensor.Type.ToString(), tensor.Shape))];
    }

    /// <summary>The path that it was opened by.</summary>
    public string Origin => _source.Name;

    /// <summary>The bytes of the file.</summary>
    public long Length => _source.Length;

    /// <summary>The file's format in words.</summary>
    public string Kind => _stored.Kind;

    /// <summary>
    /// The free text by key that a <c>.safetensors</c> file carries; of a checkpoint of PyTorch the names and colours of classes
    /// that it keeps, as <see cref="NetworkClasses.Metadata"/> writes them.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata => _stored.Metadata;

    /// <summary>The epoch that a checkpoint of PyTorch keeps.</summary>
    public long? Epoch => _stored.Epoch;

    /// <summary>The tensors in the order of the file, as it holds them.</summary>
    public IReadOnlyList<TensorDescription> Entries { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _stored.Tensors.Select(tensor => tensor.Name);

    /// <summary>Opens a file with the model's tensors, under the names that the model gives them.</summary>
    /// <exception cref="WeightsException">The file cannot be read or is not a weights file.</exception>
    public static WeightsFile Open(string path) => Open(ByteSource.Open(path), Model);

    /// <summary>Reads the same from a stream, which may be one that cannot seek, into memory; no file is written.</summary>
    /// <param name="stream">Read to its end; not closed. What it throws comes through.</param>
    /// <param name="name">What error messages call it; the <see cref="Origin"/>.</param>
    /// <exception cref="WeightsException">The stream holds no weights, damaged ones, or more than 2 GiB.</exception>
    public static WeightsFile Open(Stream stream, string name) => Open(ByteSource.Read(stream, name), Model);

    /// <summary>The same for bytes that are in memory; <paramref name="name"/> is for messages.</summary>
    internal static WeightsFile Open(byte[] bytes, string name) => Open(new ByteSource(bytes, name), Model);

    /// <summary>Opens what a reader finds in a source, which belongs to the file from then on.</summary>
    internal static WeightsFile Open(ByteSource source, Func<ByteSource, StoredTensors> read)
    {
        try
        {
            return new WeightsFile(source, read(source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Whether a tensor of a <c>.safetensors</c> file belongs to a run that goes on, and not to the model.</summary>
    internal static bool IsForTraining(string name) =>
        name.StartsWith(OptimizerPrefix, StringComparison.Ordinal) || name.StartsWith(TrainingPrefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<int>? ShapeOf(string name) => _tensors.TryGetValue(name, out StoredTensor? tensor) ? tensor.Loaded.Shape : null;

    /// <inheritdoc/>
    public HostTensor Load(string name) => Find(name).Load();

    /// <inheritdoc/>
    public bool TryLoad(string name, Span<float> values)
    {
        StoredTensor tensor = Find(name);
        return values.Length == tensor.Count
            ? tensor.TryLoad(values)
            : throw new ArgumentException($"room for {values.Length} values; '{name}' has {tensor.Count}", nameof(values));
    }

    /// <summary>Looks for numbers that no network can use, piece by piece, so that it takes no memory for a tensor.</summary>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public IReadOnlyList<UnusableTensor> FindUnusable()
    {
        var unusable = new List<UnusableTensor>();
        foreach (StoredTensor tensor in _stored.Tensors)
            Look(tensor, unusable, _ => { });
        return unusable;
    }

    /// <summary>
    /// Writes the model as <c>.safetensors</c>, a whole file or none, with what is noted of how it was built and trained; tells which
    /// tensors no network can use, as <see cref="FindUnusable"/> does.
    /// </summary>
    /// <exception cref="WeightsException">This file cannot be read.</exception>
    /// <exception cref="OutputException">That file cannot be written.</exception>
    /// <param name="path">The new file.</param>
    /// <param name="notes">Metadata that wins over that of this file.</param>
    public IReadOnlyList<UnusableTensor> Convert(string path, IReadOnlyDictionary<string, string>? notes = null)
    {
        IReadOnlyList<UnusableTensor> unusable = [];
        AtomicFile.Write(path, stream => unusable = Convert(stream, notes));
        return unusable;
    }

    /// <summary>Writes the same into a stream, which is not closed; what the stream throws comes through.</summary>
    /// <exception cref="WeightsException">This file cannot be read.</exception>
    /// <param name="stream">Takes the bytes.</param>
    /// <param name="notes">Metadata that wins over that of this file.</param>
    public IReadOnlyList<UnusableTensor> Convert(Stream stream, IReadOnlyDictionary<string, string>? notes = null)
    {
        var unusable = new List<UnusableTensor>();
        notes ??= ReadOnlyDictionary<string, string>.Empty;
        SafeTensorsWriter.Write(stream, _stored.Tensors.Select(Written),
            Metadata.Where(pair => IsOfTheNetwork(pair.Key) && !notes.ContainsKey(pair.Key)).Concat(notes));
        return unusable;

        WrittenTensor Written(StoredTensor tensor) => new(tensor.Name, tensor.Loaded.Type, tensor.Loaded.Shape, to =>
        {
            if (tensor.Loaded.Type == ElementType.F32)
                Look(tensor, unusable, values => to.Write(MemoryMarshal.AsBytes(values)));
            else
                SafeTensorsWriter.WriteElements(to, tensor.Load());
        });
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>Its kind, path and length: <c>WeightsFile spnet50.pth of 386</c>.</summary>
    public override string ToString() => $"{nameof(WeightsFile)} {Origin} of {Entries.Count}";

    /// <summary>Whether metadata says how the network is built or was trained; all else is the place in a run.</summary>
    private static bool IsOfTheNetwork(string key) =>
        key.StartsWith(NetworkPrefix, StringComparison.Ordinal) || key.StartsWith(ConfigurationPrefix, StringComparison.Ordinal);

    private StoredTensor Find(string name) => _tensors.TryGetValue(name, out StoredTensor? tensor)
        ? tensor
        : throw new WeightsException(
            $"no tensor {Quoted.Text(name)} among the {_tensors.Count} of '{Origin}'; check that the weights are for this model");

    /// <summary>Goes through the floats of a tensor once, and takes it down where some cannot be used.</summary>
    private static void Look(StoredTensor tensor, List<UnusableTensor> unusable, Action<ReadOnlySpan<float>> visit)
    {
        string? problem = null;
        tensor.Visit(values =>
        {
            problem ??= WeightValues.Problem(tensor.Name, values);
            visit(values);
        });
        if (problem is not null)
            unusable.Add(new UnusableTensor(tensor.Name, problem));
    }

    /// <summary>The model's tensors under the model's names.</summary>
    private static StoredTensors Model(ByteSource source)
    {
        // A .safetensors file may begin with the byte of a pickle: its header's length.
        StoredTensors stored = SafeTensorsHeader.IsIn(source) ? SafeTensors.Tensors(source)
            : TorchArchive.TryRead(source) is { } archive ? PyTorchCheckpoint.Model(archive)
            : OnnxTensors.IsIn(source) ? OnnxTensors.Read(source)
            : FileFormat.Of(source) is { } kind ? throw source.Refused($"it is {kind.Name}", kind.Remedy)
            : throw source.Refused("it is no .safetensors, .pth or .onnx file", "look whether it was copied or downloaded whole");
        StoredTensor[] model = [.. stored.Tensors.Where(tensor => !IsForTraining(tensor.Name))];
        string?[] names = ModelNames.Of([.. model.Select(tensor => tensor.Name)]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => name is not null && !seen.Add(name)) is { } twice)
            throw source.Refused($"two tensors are called {Quoted.Text(twice)}, without what wrappers put before their names",
                "save each under a name of its own");
        var own = new List<StoredTensor>();
        for (int i = 0; i < model.Length; i++)
        {
            if (names[i] is { } name)
                own.Add(Named(model[i], name));
        }
        return stored with { Tensors = own };
    }

    private static StoredTensor Named(StoredTensor tensor, string name) =>
        tensor with { Name = name, IsCounter = LoadReport.IsCounter(name) && tensor.Count == 1 };
}
