using System.Globalization;
using System.Numerics;

namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// The form of a checkpoint from before PyTorch 1.6: pickles of a magic number, a version, facts on the machine, the
/// value, and the keys of the storages; then for each key the number of elements and the elements.
/// </summary>
internal static class TorchLegacy
{
    private const long Version = 1001;

    private static readonly BigInteger _magic =
        BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static TorchArchive Read(ByteSource source)
    {
        var cursor = new ByteCursor(source);
        var objects = new TorchObjects(source);
        object? ReadPickle() => new PickleReader(cursor, objects).Read();
        if (ReadPickle() is not BigInteger magic || magic != _magic)
            throw source.Refused("it is a pickle that torch.save did not write", TorchGlobals.Remedy);
        if (ReadPickle() is not Version)
            throw source.Refused($"its format is not version {Version}", "save it again with a newer PyTorch");
        if (ReadPickle() is not PickleDict machine || machine.Entries.GetValueOrDefault("little_endian") is not true)
            throw source.Refused("its numbers are not little-endian", "save it again on a machine that is, such as any PC");
        object? root = ReadPickle();
        PickleList keys = ReadPickle() as PickleList ?? throw source.Damaged("it has no list of storages");
        Dictionary<string, ByteSource> storages = ReadStorages(cursor, objects, keys);
        return new TorchArchive(source, root, "PyTorch checkpoint (from before 1.6)", new MemoryBudget(source),
            storage => storages[storage.Key]);
    }

    private static Dictionary<string, ByteSource> ReadStorages(ByteCursor cursor, TorchObjects objects, PickleList keys)
    {
        ByteSource source = cursor.Source;
        var expected = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        foreach (TorchStorage storage in objects.Storages)
        {
            if (!expected.TryAdd(storage.Key, storage))
                throw source.Damaged($"it describes storage {Quoted.Text(storage.Key)} in two ways");
        }
        var storages = new Dictionary<string, ByteSource>(StringComparer.Ordinal);
        foreach (object? key in keys.Items)
        {
            if (key is not string name || !expected.TryGetValue(name, out TorchStorage? storage)
                || storages.ContainsKey(name))
                throw source.Damaged("its list of storages has a key twice, or one that no tensor uses");
            if (cursor.ReadInt64() != storage.Count)
                throw source.Damaged(
                    $"its storage {Quoted.Text(name)} has not the {storage.Count} elements that are announced");
            storages.Add(name, source.Slice(cursor.Position, storage.Bytes));
            cursor.Skip(storage.Bytes);
        }
        if (storages.Count != expected.Count)
            throw source.Damaged($"{expected.Count - storages.Count} of its storages are missing");
        if (cursor.Remaining != 0)
            throw source.Damaged($"{cursor.Remaining} bytes follow its last storage");
        return storages;
    }
}
