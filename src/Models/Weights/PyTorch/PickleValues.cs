using System.Numerics;

namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// What a pickle holds: null, bool, long, BigInteger, double, string, <see cref="LongText"/>, the containers below, the
/// symbol of a global, or an object of <see cref="TorchObjects"/>.
/// </summary>
internal static class Pickled
{
    /// <summary>Names a kind of value for a message.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long or BigInteger or double => "a number",
        string or LongText => "a text",
        PickleTuple => "a tuple",
        PickleList => "a list",
        PickleDict => "a dictionary",
        TorchTensor => "a tensor",
        TorchGlobal global => $"the class or function '{global.Name}'",
        _ => "an object",
    };
}

/// <summary>Stands for every text that was too long to matter and was not read.</summary>
internal sealed class LongText
{
    public static readonly LongText Instance = new();

    private LongText()
    {
    }
}

/// <summary>A container knows how deep it is, as far as it could when values were put in, to bound the nesting.</summary>
internal abstract class PickleContainer
{
    /// <summary>1 for a container of plain values, one more for each level within.</summary>
    public int Depth { get; private set; } = 1;

    protected void Contain(object? value)
    {
        if (value is PickleContainer inner)
            Depth = Math.Max(Depth, inner.Depth + 1);
    }
}

internal sealed class PickleTuple : PickleContainer
{
    public PickleTuple(object?[] items)
    {
        Items = items;
        foreach (object? item in items)
            Contain(item);
    }

    public object?[] Items { get; }
}

internal sealed class PickleList : PickleContainer
{
    public List<object?> Items { get; } = [];

    public void Add(object? item)
    {
        Contain(item);
        Items.Add(item);
    }
}

internal sealed class PickleDict : PickleContainer
{
    public OrderedDictionary<object, object?> Entries { get; } = new(PickleKeyComparer.Instance);

    /// <summary>Whether it is an OrderedDict, the one kind that may carry attributes.</summary>
    public bool IsOrderedDict { get; init; }

    public bool TryAdd(object key, object? value)
    {
        Contain(value);
        return Entries.TryAdd(key, value);
    }
}
