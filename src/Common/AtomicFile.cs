namespace SpGpu;

/// <summary>
/// Writes a file as a whole or not at all: temporary name in the same folder, flush to disk, rename, flush of the folder.
/// Links are followed, and a file that is there keeps its mode and, where that is allowed, its owner. A device or a pipe
/// is written to directly, and so is the file that the standard output goes to. A file that may not be written is refused;
/// to root that is one that nobody may write.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/> with what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="OutputException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            FileKind kind = FileKinds.Of(path);
            if (kind == FileKind.Folder)
                throw new OutputException($"cannot write '{path}': it is a folder; name a file");
            FileNames.ThrowIfLost(path);
            if (!OperatingSystem.IsWindows() && UnixFile.IsStandardOutput(path))
                WriteBehindOutput(write);
            else if (kind == FileKind.Device)
                WriteInto(path, write);
            else
                Replace(RealPath.Of(path), write);
        }
        catch (Exception error) when (WriteFailure.Is(error))
        {
            throw new OutputException($"cannot write '{path}': {WriteFailure.Describe(error)}", error);
        }
    }

    /// <summary>Through the stream that is open already: with another one, or another file, one would lose what the other wrote.</summary>
    private static void WriteBehindOutput(Action<Stream> write)
    {
        using var stream = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        write(stream);
    }

    private static void WriteInto(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1 << 16);
        write(stream);
        stream.Flush();
        Disk.Current.Flush(stream.SafeFileHandle);
    }

    private static void Replace(string path, Action<Stream> write)
    {
        FileRights? rights = FileRights.Of(path);
        rights?.ThrowIfReadOnly();
        using TemporaryFile temporary = TemporaryFile.Create(Path.GetDirectoryName(path)!);
        rights?.GiveTo(temporary.Stream.SafeFileHandle);
        write(temporary.Stream);
        temporary.Stream.Flush();
        Disk.Current.Flush(temporary.Stream.SafeFileHandle);
        temporary.Replace(path);
    }
}
