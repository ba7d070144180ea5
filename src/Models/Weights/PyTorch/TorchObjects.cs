namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// Gives the names, calls and references of a pickle the meaning they have in a checkpoint, and refuses every other. A
/// call makes a value of our own; none reaches code.
/// </summary>
internal sealed class TorchObjects(ByteSource source)
{
    private const int MaxTensors = 1 << 16;

    /// <summary>So that the bytes of a storage can be counted in 64 bits.</summary>
    private const long MaxElements = long.MaxValue / sizeof(double);

    /// <summary>The longest key, of a dictionary or storage: each use of a key takes time by its length.</summary>
    private const int MaxKey = 1024;

    /// <summary>The pairs that may become dictionaries: the same list of pairs could be used any number of times.</summary>
    private const int MaxPairs = 1 << 17;

    private readonly HashSet<TorchStorage> _storages = [];
    private readonly Dictionary<string, long> _storageBytes = new(StringComparer.Ordinal);
    private int _tensors;
    private int _pairs;

    /// <summary>All storages that the pickle refers to.</summary>
    public IReadOnlyCollection<TorchStorage> Storages => _storages;

    public TorchGlobal Global(string name) => TorchGlobals.Find(name)
        ?? throw source.Refused(
            $"it asks for {Quoted.Text(name)}, which has no place among weights and was not executed", TorchGlobals.Remedy);

    /// <summary>What REDUCE and NEWOBJ make of a symbol and its arguments.</summary>
    public object? Call(object? callee, object? arguments)
    {
        if (callee is not TorchGlobal global || arguments is not PickleTuple { Items: var items })
            throw Broken($"it calls {Pickled.Describe(callee)} with {Pickled.Describe(arguments)}");
        return (global.Meaning, items) switch
        {
            (TorchMeaning.OrderedDictionary, []) => new PickleDict { IsOrderedDict = true },
            (TorchMeaning.OrderedDictionary, [PickleList pairs]) => FromPairs(pairs),
            // A defaultdict begins with what makes its values.
            (TorchMeaning.Dictionary, [] or [null or TorchGlobal]) => new PickleDict(),
            (TorchMeaning.Dictionary, [PickleDict dict]) => dict,
            // A newer version ends with hooks and metadata, which say nothing about the values.
            (TorchMeaning.RebuildTensor,
                [TorchStorageView storage, long offset, PickleTuple sizes, PickleTuple strides, ..]) =>
                Tensor(storage, offset, Integers(sizes), Integers(strides)),
            (TorchMeaning.RebuildParameter, [TorchTensor tensor, ..]) => tensor,
            (TorchMeaning.Size, [PickleTuple sizes]) => sizes,
            (TorchMeaning.Device, [string device, ..]) => device,
            (TorchMeaning.Set, [PickleList members]) => members,
            (TorchMeaning.Bytes, [(string or LongText) and var text, string]) => text,
            (TorchMeaning.Beside, _) => global,
            _ => throw Broken($"it calls '{global.Name}' with arguments that do not fit it"),
        };
    }

    /// <summary>
    /// Checks BUILD, which gives an object attributes: an OrderedDict carries the versions of its modules so, and they
    /// say nothing about the values; what stands beside the weights may get any.
    /// </summary>
    public void CheckBuild(object? target, object? attributes)
    {
        if (target is TorchGlobal { Meaning: TorchMeaning.Beside })
            return;
        if (target is not (PickleDict { IsOrderedDict: true } or TorchTensor) || attributes is not PickleDict)
            throw Broken($"it gives {Pickled.Describe(target)} attributes");
    }

    public void SetItem(PickleDict dict, object? key, object? value)
    {
        if (key is not (string { Length: <= MaxKey } or long or double or bool))
            throw Broken($"it uses {Pickled.Describe(key)} as a key");
        if (!dict.TryAdd(key, value))
            throw Broken($"it sets the key {Quoted.Text($"{key}")} twice");
    }

    /// <summary>A reference to a storage: kind, class, key, device, elements and, in old files, a part of it.</summary>
    public TorchStorageView Persistent(object? id)
    {
        if (id is PickleTuple { Items: ["module", ..] })
            throw source.Refused("it holds a whole module with its code, not weights alone", TorchGlobals.Remedy);
        if (id is not PickleTuple
            {
                Items: ["storage", TorchGlobal { Meaning: TorchMeaning.Storage } type, string { Length: <= MaxKey } key, string,
                    long and >= 0 and <= MaxElements and var count, .. var rest],
            })
            throw Broken("it refers to something that is not a storage");
        var storage = new TorchStorage(key, type.Storage, count);
        // The same bytes may be seen as several types, and as nothing else.
        if (!_storageBytes.TryAdd(key, storage.Bytes) && _storageBytes[key] != storage.Bytes)
            throw Broken($"storage {Quoted.Text(key)} is described in two ways");
        _storages.Add(storage);
        return rest switch
        {
            [] or [null] => new TorchStorageView(storage, 0, count),
            [PickleTuple { Items: [string, long start, long part] }]
                when start >= 0 && part >= 0 && start <= count - part => new TorchStorageView(storage, start, part),
            _ => throw Broken($"the view of storage {Quoted.Text(key)} is not a part of it"),
        };
    }

    private PickleDict FromPairs(PickleList pairs)
    {
        var dict = new PickleDict { IsOrderedDict = true };
        foreach (object? pair in pairs.Items)
        {
            if (pair is not PickleList { Items: [var key, var value] } || ++_pairs > MaxPairs)
                throw Broken("it makes an OrderedDict of what are not pairs, or of too many");
            SetItem(dict, key, value);
        }
        return dict;
    }

    private TorchTensor Tensor(TorchStorageView storage, long offset, long[] sizes, long[] strides)
    {
        if (++_tensors > MaxTensors)
            throw source.Refused($"it holds more than {MaxTensors} tensors", "split it before saving");
        return TorchTensor.Create(storage, offset, sizes, strides)
            ?? throw Broken(
                $"the tensor of sizes [{string.Join(", ", sizes)}], strides [{string.Join(", ", strides)}] and offset {offset} "
                + $"is not within its storage of {storage.Count} elements");
    }

    private long[] Integers(PickleTuple tuple)
    {
        if (tuple.Items.Length > TensorShape.MaxRank || !tuple.Items.All(item => item is long))
            throw Broken($"the sizes or strides of a tensor are not at most {TensorShape.MaxRank} whole numbers");
        return [.. tuple.Items.Cast<long>()];
    }

    private WeightsException Broken(string problem) => source.Damaged($"in its pickle {problem}");
}
