namespace SpGpu.Models.Weights.PyTorch;

/// <summary>A checkpoint whose pickle was read: its objects and the way to the elements of a storage.</summary>
/// <param name="Source">The file.</param>
/// <param name="Root">The value that was saved.</param>
/// <param name="Kind">The format in words.</param>
/// <param name="Budget">The memory that the file may take.</param>
/// <param name="Open">Gives the raw elements of a storage.</param>
internal sealed record TorchArchive(ByteSource Source, object? Root, string Kind, MemoryBudget Budget, Func<TorchStorage, ByteSource> Open)
{
    /// <summary>Where a tar archive says that it is one.</summary>
    private const int TarMagicAt = 257;

    /// <summary>Reads a checkpoint in the format that its first bytes show; null where they are not those of one.</summary>
    public static TorchArchive? TryRead(ByteSource source)
    {
        if (IsZip(source))
            return TorchZip.Read(source);
        if (IsPickle(source))
            return TorchLegacy.Read(source);
        return IsTar(source)
            ? throw source.Refused("it is a tar archive, the format of PyTorch 0.1", "load and save it with PyTorch 1.x first")
            : null;
    }

    private static bool IsZip(ByteSource source) => HasAt(source, 0, "PK\x03\x04"u8);

    private static bool IsPickle(ByteSource source) => HasAt(source, 0, [(byte)PickleOpcode.Proto]);

    private static bool IsTar(ByteSource source) => HasAt(source, TarMagicAt, "ustar"u8);

    private static bool HasAt(ByteSource source, int position, ReadOnlySpan<byte> expected)
    {
        if (source.Length < position + expected.Length)
            return false;
        Span<byte> found = stackalloc byte[expected.Length];
        source.Read(position, found);
        return found.SequenceEqual(expected);
    }
}
