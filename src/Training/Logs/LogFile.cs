namespace SpGpu.Training.Logs;

/// <summary>
/// A file that only grows, shared with readers. What a run that was stopped has written beyond its last checkpoint is
/// cut off when it goes on.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    /// <param name="path">The file; made where there is none.</param>
    /// <param name="keep">How many bytes of the present content stay.</param>
    /// <exception cref="OutputException">The file cannot be read or written.</exception>
    public LogFile(string path, Func<byte[], int> keep)
    {
        _path = path;
        try
        {
            _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            var content = new byte[_stream.Length];
            _stream.ReadExactly(content);
            int kept = keep(content);
            _stream.SetLength(kept);
            _stream.Position = kept;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failed(error);
        }
    }

    /// <summary>Whether there is nothing in the file.</summary>
    public bool IsEmpty => _stream.Length == 0;

    /// <summary>Adds bytes; without a buffer, so that a killed run loses none of them.</summary>
    /// <exception cref="OutputException">There is no space left, or the disk is gone.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(error);
        }
    }

    public void Dispose() => _stream.Dispose();

    private OutputException Failed(Exception error) =>
        new($"cannot write '{_path}': {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; make space or rights and go on with --resume auto", error);
}
