using SpGpu.Data;

namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// The names and colours of the classes that mmsegmentation keeps beside the weights under <c>meta</c>: in
/// <c>dataset_meta</c> as <c>classes</c> and <c>palette</c>, before version 1.0 as <c>CLASSES</c> and <c>PALETTE</c>.
/// </summary>
internal static class TorchClasses
{
    private const int Channels = 3;

    /// <summary>
    /// What a checkpoint says of the classes. What cannot be of this network, because no tensor has that many outputs, or
    /// is no name or no colour, is left out: such a checkpoint serves as well as one that says nothing.
    /// </summary>
    public static NetworkClasses Of(object? root, IEnumerable<TorchTensor> tensors)
    {
        var outputs = tensors.Select(tensor => tensor.Shape).Where(shape => shape.Length > 0).Select(shape => shape[0]).ToHashSet();
        object? meta = Item(root, "meta");
        object? data = Item(meta, "dataset_meta");
        return new NetworkClasses(
            Names(Item(data, "classes") ?? Item(meta, "CLASSES"), outputs),
            Colours(Item(data, "palette") ?? Item(meta, "PALETTE"), outputs));
    }

    private static ClassNames? Names(object? value, HashSet<int> outputs)
    {
        string[] names = [.. Items(value).OfType<string>()];
        try
        {
            return names.Length == Items(value).Count && outputs.Contains(names.Length) ? new ClassNames(names) : null;
        }
        catch (DatasetException)
        {
            return null;
        }
    }

    private static Palette? Colours(object? value, HashSet<int> outputs)
    {
        Rgb[] colours = [.. Items(value).Select(Colour).OfType<Rgb>()];
        return colours.Length == Items(value).Count && outputs.Contains(colours.Length) && colours.Length is > 0 and <= Palette.MaxColours
            ? new Palette(colours)
            : null;
    }

    private static Rgb? Colour(object? value)
    {
        byte[] channels = [.. Items(value).Where(item => item is long and >= 0 and <= byte.MaxValue).Select(item => (byte)(long)item!)];
        return channels.Length == Channels && Items(value).Count == Channels ? new Rgb(channels[0], channels[1], channels[2]) : null;
    }

    private static object? Item(object? dict, string key) => (dict as PickleDict)?.Entries.GetValueOrDefault(key);

    private static IReadOnlyList<object?> Items(object? value) => value switch
    {
        PickleTuple tuple => tuple.Items,
        PickleList list => list.Items,
        _ => [],
    };
}
