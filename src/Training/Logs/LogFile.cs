namespace SpGpu.Training.Logs;

/// <summary>A file that only grows, shared with readers and with those who rename it.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    /// <summary>Opens a log, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it starts with.</param>
    /// <param name="print">Takes a line if what is there gets another name.</param>
    /// <exception cref="OutputException">The file cannot be read or written.</exception>
    public LogFile(string path, LogContent content, Action<string> print)
    {
        _path = path;
        if (content.Misfit is { } misfit)
            print($"note: '{Path.GetFileName(path)}' {misfit}; it is kept as '{Aside.Put(path)}'");
        if (!Read(path).AsSpan().StartsWith(content.Kept))
            AtomicFile.Write(path, stream => stream.Write(content.Kept));
        _stream = Try(path, () =>
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0);
            stream.SetLength(content.Kept.Length);
            return stream;
        });
    }

    /// <summary>The bytes of a log that may be there.</summary>
    /// <exception cref="OutputException">It cannot be read.</exception>
    public static byte[] Read(string path) => Try(path, () =>
    {
        if (!Path.Exists(path))
            return [];
        using FileStream stream = SharedFile.Open(path, bufferSize: 0);
        return Read(stream);
    });

    /// <summary>All bytes so far, through the handle that writes: a second one might not be allowed, or find another file.</summary>
    /// <exception cref="OutputException">They cannot be read.</exception>
    public byte[] Read() => Try(_path, () => Read(_stream));

    /// <summary>Adds bytes; without a buffer, so that a killed run loses none of them.</summary>
    /// <exception cref="OutputException">There is no space left, or the disk is gone.</exception>
    public void Append(byte[] bytes) => Try(_path, () =>
    {
        // Where the end is now, should another program have made the file shorter: no hole is left.
        _stream.Seek(0, SeekOrigin.End);
        _stream.Write(bytes);
        return true;
    });

    public void Dispose() => _stream.Dispose();

    private static byte[] Read(FileStream stream)
    {
        if (stream.Length > Array.MaxLength)
            throw new IOException("it is too large to be a log");
        var content = new byte[stream.Length];
        stream.Position = 0;
        return content[..stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
    }

    private static T Try<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OutputException(
                $"cannot write '{path}': {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; " +
                "make space or rights, close the program that holds it, and go on with --resume auto", error);
        }
    }
}
