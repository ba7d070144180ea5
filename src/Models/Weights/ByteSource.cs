using Microsoft.Win32.SafeHandles;

namespace SpGpu.Models.Weights;

/// <summary>
/// The bytes of a weights file, or a part of them, read at any position: from disk or from memory. It also
/// words the errors, so that every one names the file.
/// </summary>
internal sealed class ByteSource : IDisposable
{
    private readonly SafeFileHandle? _file;
    private readonly byte[] _memory;
    private readonly long _start;

    private ByteSource(SafeFileHandle? file, byte[] memory, string name, long start, long length)
    {
        _file = file;
        _memory = memory;
        _start = start;
        Name = name;
        Length = length;
    }

    /// <summary>Bytes that are in memory already.</summary>
    public ByteSource(byte[] bytes, string name) : this(null, bytes, name, 0, bytes.LongLength)
    {
    }

    /// <summary>The name of the file, for messages.</summary>
    public string Name { get; }

    public long Length { get; }

    public bool IsInMemory => _file is null;

    /// <exception cref="WeightsException">The file cannot be opened.</exception>
    public static ByteSource Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            // Opening a pipe waits for someone to write into it, for ever if nobody does; and it cannot be read at any position.
            if (FileKinds.Of(path) == FileKind.Device)
                throw new WeightsException($"'{path}' is a pipe or a device; copy what comes out of it into a file and name that");
            file = SharedFile.OpenHandle(path);
            return new ByteSource(file, [], path, 0, RandomAccess.GetLength(file));
        }
        catch (Exception error) when (error
            is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            file?.Dispose();
            if (Directory.Exists(path))
                throw new WeightsException($"'{path}' is a folder; name a weights file in it", error);
            throw new WeightsException(
                $"cannot open '{path}': {error.Message.TrimEnd('.')}; name a weights file that exists and may be read", error);
        }
    }

    /// <summary>Reads a stream to its end into memory; what the stream throws comes through.</summary>
    /// <exception cref="WeightsException">It has more bytes than an array.</exception>
    public static ByteSource Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        long length = stream.CanSeek ? stream.Length - stream.Position : 0;
        using var content = new MemoryStream(length <= Array.MaxLength ? (int)length : throw TooLong(name));
        byte[] part = new byte[1 << 16];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            if (content.Length > Array.MaxLength - read)
                throw TooLong(name);
            content.Write(part, 0, read);
        }
        return new ByteSource(null, content.GetBuffer(), name, 0, content.Length);
    }

    /// <summary>A part of these bytes; it lives as long as the whole and need not be disposed of.</summary>
    public ByteSource Slice(long start, long length)
    {
        if (start < 0 || length < 0 || start > Length - length)
            throw Damaged("a part of it lies beyond its end");
        return new ByteSource(_file, _memory, Name, _start + start, length);
    }

    /// <summary>Fills the span with the bytes from a position on.</summary>
    public void Read(long position, Span<byte> destination)
    {
        if (position < 0 || destination.Length > Length - position)
            throw Damaged("it ends too early");
        if (_file is null)
        {
            _memory.AsSpan((int)(_start + position), destination.Length).CopyTo(destination);
            return;
        }
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(_file, destination, _start + position);
                if (read == 0)
                    throw Damaged("it became shorter while it was read");
                position += read;
                destination = destination[read..];
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException(
                $"cannot read '{Name}': {error.Message.TrimEnd('.')}; copy the file to a sound disk", error);
        }
    }

    /// <summary>The error for a file that is not what was written.</summary>
    public WeightsException Damaged(string problem, Exception? inner = null) =>
        new($"cannot read '{Name}': {problem}; the file is damaged or incomplete, copy or download it again", inner);

    /// <summary>The error for a file whose content is not accepted.</summary>
    public WeightsException Refused(string problem, string remedy) => new($"cannot read '{Name}': {problem}; {remedy}");

    public void Dispose() => _file?.Dispose();

    private static WeightsException TooLong(string name) =>
        new($"cannot read '{name}': a stream of weights has at most 2 GiB; save it as a file and name that");
}
