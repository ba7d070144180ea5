namespace SpGpu;

/// <summary>Writes a file as a whole or not at all: temporary name in the same folder, flush to disk, rename.</summary>
public static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/> with what <paramref name="write"/> puts into the stream.</summary>
    /// <exception cref="OutputException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (Directory.Exists(path))
            throw new OutputException($"cannot write '{path}': it is a folder; name a file");
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new OutputException($"cannot write '{path}': {Reason(error)}; choose a folder that exists, is writable and has space", error);
        }
        finally
        {
            try
            {
                File.Delete(temporary);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
            {
                // Nothing more can be done here; the error that matters is already on its way.
            }
        }
    }

    /// <summary>The cause without the temporary name, which would only puzzle.</summary>
    private static string Reason(Exception error) => error switch
    {
        DirectoryNotFoundException => "its folder does not exist",
        UnauthorizedAccessException => "writing there is not allowed",
        PathTooLongException => "the path is too long",
        _ => error.Message.TrimEnd('.'),
    };
}
