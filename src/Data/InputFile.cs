namespace SpGpu.Data;

/// <summary>Reads whole files of bounded size; every way that this fails becomes one clear line.</summary>
internal static class InputFile
{
    // Enough for the signature and size of a picture.
    private const int FirstBytes = 256;

    /// <summary>Makes the error of the caller's kind.</summary>
    public delegate SpGpuException ErrorMaker(string message, Exception? inner = null);

    /// <summary>Tells from the first bytes of a file how many it may have; throws if it is not to be read at all.</summary>
    public delegate int Inspector(ReadOnlySpan<byte> first, string name);

    /// <summary>
    /// Reads the file if it has at most <paramref name="limit"/> bytes, and as many as <paramref name="inspect"/>
    /// allows.
    /// </summary>
    public static byte[] Read(string path, int limit, ErrorMaker error, Inspector? inspect = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            // Asked before opening, because opening a folder reads as a matter of permission.
            if (Directory.Exists(path))
                throw error($"cannot read '{path}': it is a folder; name a file");
            using var stream = SharedFile.Open(path, bufferSize: 0);
            return Read(stream, path, limit, error, inspect);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            // Bytes of a name that are not UTF-8 come as U+FFFD, and do not go back.
            throw error(
                $"cannot read '{path}': " +
                $"{(path.Contains('\uFFFD') ? "a name that is not UTF-8; rename the file" : "no such file; check the path")}", missing);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw error($"cannot read '{path}': no permission; change its access rights or run as its owner", denied);
        }
        catch (Exception failed) when (failed is IOException or ArgumentException or NotSupportedException)
        {
            throw error($"cannot read '{path}': {OneLine(failed.Message)}; check the path and the disk", failed);
        }
    }

    /// <summary>Reads a stream to its end if that comes within <paramref name="limit"/> bytes.</summary>
    public static byte[] Read(Stream stream, string name, int limit, ErrorMaker error, Inspector? inspect = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        long length = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (length > limit)
            throw TooLarge(name, limit, error);
        Span<byte> first = stackalloc byte[FirstBytes];
        first = first[..stream.ReadAtLeast(first, FirstBytes, throwOnEndOfStream: false)];
        limit = Math.Min(limit, inspect?.Invoke(first, name) ?? limit);
        if (length > limit)
            throw TooLarge(name, limit, error);
        // Files such as those in /proc say that they are empty and are not: those are read like pipes.
        if (length >= first.Length && length > 0)
        {
            byte[] content = GC.AllocateUninitializedArray<byte>((int)length);
            first.CopyTo(content);
            int read =
                first.Length + stream.ReadAtLeast(content.AsSpan(first.Length), content.Length - first.Length, throwOnEndOfStream: false);
            return read == content.Length ? content : content[..read];
        }
        using var buffer = new MemoryStream();
        buffer.Write(first);
        byte[] part = new byte[1 << 16];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            if (buffer.Length + read > limit)
                throw TooLarge(name, limit, error);
            buffer.Write(part, 0, read);
        }
        return buffer.ToArray();
    }

    private static SpGpuException TooLarge(string name, int limit, ErrorMaker error) =>
        error($"cannot read '{name}': it is larger than {limit >> 20} MiB; check that it is the right file");

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.');
}
