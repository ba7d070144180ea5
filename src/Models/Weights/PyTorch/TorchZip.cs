namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// The zip form of a checkpoint: one top folder of any name with the pickle <c>data.pkl</c> and a record
/// <c>data/KEY</c> for each storage.
/// </summary>
internal static class TorchZip
{
    /// <summary>What macOS adds to an archive that is packed there anew.</summary>
    private static readonly string[] _litter = ["__MACOSX", ".DS_Store"];

    /// <summary>Files that people pack into an archive as they are.</summary>
    private static readonly string[] _packed = [".pth", ".pt", ".ckpt", ".safetensors"];

    public static TorchArchive Read(ByteSource source)
    {
        var budget = new MemoryBudget(source);
        ZipDirectory zip = ZipDirectory.Read(source, budget);
        string top = TopFolder(source, zip);
        CheckByteOrder(source, zip, top);
        ZipRecord pickle = zip.Find($"{top}/data.pkl")
            ?? throw source.Refused($"it is a zip archive without {Quoted.Text($"{top}/data.pkl")}", TorchGlobals.Remedy);
        var objects = new TorchObjects(source);
        var cursor = new ByteCursor(zip.Open(pickle));
        object? root = new PickleReader(cursor, objects).Read();
        if (cursor.Remaining != 0)
            throw source.Damaged("bytes follow the end of its pickle");
        ZipRecord Record(TorchStorage storage) => zip.Find($"{top}/data/{storage.Key}")
            ?? throw source.Damaged($"its storage {Quoted.Text(storage.Key)} is missing");
        foreach (TorchStorage storage in objects.Storages)
        {
            ZipRecord record = Record(storage);
            if (record.Length != storage.Bytes)
                throw source.Damaged(
                    $"its storage {Quoted.Text(storage.Key)} has {record.Length} bytes and should have {storage.Bytes}");
        }
        return new TorchArchive(source, root, "PyTorch checkpoint (zip)", budget, storage => zip.Open(Record(storage)));
    }

    private static string TopFolder(ByteSource source, ZipDirectory zip)
    {
        if (zip.Records.Any(record => record.Name.EndsWith(".npy", StringComparison.Ordinal)))
            throw source.Refused($"it is {FileFormat.NumpyArchive.Name}", FileFormat.NumpyArchive.Remedy);
        if (zip.Records
            .FirstOrDefault(record => _packed.Contains(Path.GetExtension(record.Name), StringComparer.OrdinalIgnoreCase)) is { } packed)
            throw source.Refused($"it is a zip archive that holds {Quoted.Text(packed.Name)}", FileFormat.Unpack);
        string[] tops = [.. zip.Records.Select(record => record.Name.Split('/', 2)[0]).Distinct(StringComparer.Ordinal).Except(_litter)];
        return tops is [not ("" or "." or "..")] ? tops[0]
            : throw source.Refused("it is a zip archive, but not of one folder as torch.save writes it", TorchGlobals.Remedy);
    }

    private static void CheckByteOrder(ByteSource source, ZipDirectory zip, string top)
    {
        if (zip.Find($"{top}/byteorder") is not ZipRecord record)
            return;
        ByteSource text = zip.Open(record);
        Span<byte> order = stackalloc byte["little".Length];
        if (text.Length == order.Length)
            text.Read(0, order);
        if (!order.SequenceEqual("little"u8))
            throw source.Refused("its numbers are not little-endian", "save it again on a machine that is, such as any PC");
    }
}
