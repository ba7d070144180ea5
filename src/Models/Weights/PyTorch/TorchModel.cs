namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// Finds the state dict of the model in a checkpoint: the dictionary, at the top or some levels below it, that holds a
/// network for segmentation, or else any tensors. Where there are several, what training scripts call the model goes before copies of it.
/// </summary>
internal static class TorchModel
{
    private const int MaxDepth = 3, Quoting = 5;

    /// <summary>Where training scripts keep the model; an average of its weights (ema) is one of the others.</summary>
    private static readonly string[] _usual =
        ["state_dict", "model", "net", "model_state_dict", "model_state", "network", "weights", "params"];

    /// <summary>The model's tensors by the names in the file.</summary>
    /// <exception cref="WeightsException">There is no state dict, or it is not clear which is meant.</exception>
    public static List<KeyValuePair<string, TorchTensor>> Find(ByteSource source, object? root)
    {
        if (root is not PickleDict top)
        {
            string where = FirstTensor(source, root) is { Length: > 0 } path ? $" (the first tensor is {Quoted.Text(path)})" : "";
            throw source.Refused($"it holds {Pickled.Describe(root)} where a state dict is expected{where}", TorchGlobals.Remedy);
        }
        List<(string[] Path, PickleDict Dict)> found = Within(top);
        if (found.Count == 0)
            throw source.Refused(
                $"no tensors lie at its top or in dictionaries below it ({Elsewhere(source, top)})", TorchGlobals.Remedy);
        (string[], PickleDict)[] networks = [.. found.Where(candidate => HasNetwork(candidate.Dict))];
        PickleDict model = Choose(source, networks.Length > 0 ? networks : [.. found]);
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

    private static PickleDict Choose(ByteSource source, (string[] Path, PickleDict Dict)[] candidates)
    {
        IEnumerable<PickleDict> called = _usual
            .SelectMany(key => candidates.Where(candidate => candidate.Path is [.., string last] && last == key))
            .Concat(candidates.Where(candidate => candidate.Path.Length == 0))
            .Select(candidate => candidate.Dict);
        if (called.FirstOrDefault() is { } model)
            return model;
        if (candidates.Length == 1)
            return candidates[0].Dict;
        string[] keys = [.. candidates.Select(candidate => Quoted.Text(string.Join('/', candidate.Path)))];
        string first = string.Concat(candidates[0].Path.Select(key => $"[{Quoted.Text(key)}]"));
        throw source.Refused(
            $"it holds tensors under {Listed(keys)}",
            $"save the model's alone, for example torch.save(checkpoint{first}, file)");
    }

    /// <summary>
    /// All dictionaries with tensors of their own, those above first; the numbered ones of an optimiser are not looked
    /// into.
    /// </summary>
    private static List<(string[] Path, PickleDict Dict)> Within(PickleDict top)
    {
        var found = new List<(string[], PickleDict)>();
        var entered = new HashSet<PickleDict> { top };
        var next = new Queue<(string[] Path, PickleDict Dict)>([([], top)]);
        while (next.TryDequeue(out (string[] Path, PickleDict Dict) at))
        {
            if (at.Dict.Entries.Values.OfType<TorchTensor>().Any())
                found.Add(at);
            if (at.Path.Length == MaxDepth)
                continue;
            foreach ((object key, object? value) in at.Dict.Entries)
            {
                if (key is string name && value is PickleDict inner && entered.Add(inner))
                    next.Enqueue(([.. at.Path, name], inner));
            }
        }
        return found;
    }

    private static bool HasNetwork(PickleDict dict) => ModelNames.Networks(
        dict.Entries.Where(entry => entry.Value is TorchTensor).Select(entry => entry.Key).OfType<string>()).Length > 0;

    /// <summary>Where the first tensor is, or what the top holds.</summary>
    private static string Elsewhere(ByteSource source, PickleDict top)
    {
        if (FirstTensor(source, top) is { } path)
            return $"the first is {Quoted.Text(path)}";
        return top.Entries.Count == 0
            ? "its top has nothing"
            : $"its top has {Listed([.. top.Entries.Keys.Select(key => Quoted.Text($"{key}"))])}";
    }

    /// <summary>The way to the first tensor, empty to the root; null if there is none.</summary>
    private static string? FirstTensor(ByteSource source, object? root) =>
        new TensorPaths(source).Find(root) is [(string path, _), ..] ? path : null;

    private static string Listed(string[] names) => $"{string.Join(", ", names.Take(Quoting))}{(names.Length > Quoting ? ", ..." : "")}";
}
