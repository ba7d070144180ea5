namespace SpGpu.Models.Weights.PyTorch;

/// <summary>What a symbol stands for.</summary>
internal enum TorchMeaning
{
    Storage,
    Dictionary,
    OrderedDictionary,
    RebuildTensor,
    RebuildParameter,
    Size,
    Device,
    ElementKind,
    Set,
    Bytes,
    Beside,
}

/// <summary>A class or function that a pickle names; a symbol and nothing more.</summary>
/// <param name="Name">Module and name, with a point between.</param>
/// <param name="Meaning">What SpGpu makes of it.</param>
/// <param name="Storage">For a storage class, its element type.</param>
internal sealed record TorchGlobal(string Name, TorchMeaning Meaning, ElementType Storage = default);

/// <summary>The list of all globals that a checkpoint may name.</summary>
internal static class TorchGlobals
{
    /// <summary>How to mend a checkpoint that holds more than tensors.</summary>
    public const string Remedy = "in PyTorch, save the weights alone: torch.save(model.state_dict(), file)";

    // Above the list that is made with it, as these are initialised in order.
    private static readonly string[] _elementKinds =
        ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"];

    /// <summary>
    /// What training scripts keep beside the weights: scores and random states as NumPy computed them, the options of the
    /// run, times, paths; mmengine's history of losses, in which functions are named as attributes of its class. Nothing is
    /// made of them.
    /// </summary>
    private static readonly string[] _beside =
    [
        "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct", "argparse.Namespace", "types.SimpleNamespace",
        "datetime.date", "datetime.datetime", "datetime.timedelta", "pathlib.PosixPath", "pathlib.PurePosixPath",
        "pathlib.WindowsPath", "pathlib.PureWindowsPath", "__builtin__.bytes", "__builtin__.dict", "__builtin__.float",
        "__builtin__.int", "__builtin__.list", "__builtin__.getattr", "mmengine.logging.history_buffer.HistoryBuffer",
    ];

    private static readonly Dictionary<string, TorchGlobal> _allowed =
        Allowed().ToDictionary(global => global.Name, StringComparer.Ordinal);

    public static TorchGlobal? Find(string name) => _allowed.GetValueOrDefault(name);

    private static IEnumerable<TorchGlobal> Allowed()
    {
        yield return new("collections.OrderedDict", TorchMeaning.OrderedDictionary);
        // The step schedule of an optimiser counts its milestones in one.
        yield return new("collections.Counter", TorchMeaning.Dictionary);
        yield return new("collections.defaultdict", TorchMeaning.Dictionary);
        yield return new("torch._utils._rebuild_tensor", TorchMeaning.RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v2", TorchMeaning.RebuildTensor);
        yield return new("torch._utils._rebuild_parameter", TorchMeaning.RebuildParameter);
        yield return new("torch.nn.parameter.Parameter", TorchMeaning.RebuildParameter);
        yield return new("torch.Size", TorchMeaning.Size);
        yield return new("torch.device", TorchMeaning.Device);
        yield return new("builtins.set", TorchMeaning.Set);
        yield return new("__builtin__.set", TorchMeaning.Set);
        yield return new("_codecs.encode", TorchMeaning.Bytes);
        foreach (string name in _beside)
            yield return new(name, TorchMeaning.Beside);
        foreach (string kind in _elementKinds)
            yield return new($"torch.{kind}", TorchMeaning.ElementKind);
        yield return Storage("Double", ElementType.F64);
        yield return Storage("Float", ElementType.F32);
        yield return Storage("Half", ElementType.F16);
        yield return Storage("BFloat16", ElementType.BF16);
        yield return Storage("Long", ElementType.I64);
        yield return Storage("Int", ElementType.I32);
        yield return Storage("Short", ElementType.I16);
        yield return Storage("Char", ElementType.I8);
        yield return Storage("Byte", ElementType.U8);
        yield return Storage("Bool", ElementType.BOOL);
    }

    private static TorchGlobal Storage(string kind, ElementType type) =>
        new($"torch.{kind}Storage", TorchMeaning.Storage, type);
}
