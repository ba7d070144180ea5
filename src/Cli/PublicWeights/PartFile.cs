using System.Security.Cryptography;
using System.Text;

namespace SpGpu.Cli.PublicWeights;

/// <summary>
/// What has come of a file so far, beside the place where it will be. It is locked while it is open, and stays where a
/// download ends early. A note beside it says which version of the file it is of, in the words of the server.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private const int Chunk = 1 << 16, MostVersion = 1000;

    private delegate void ByteSink(ReadOnlySpan<byte> bytes);

    private readonly string _target;
    private readonly string _path;
    private readonly string _note;
    private readonly FileStream _stream;

    private PartFile(string target, string path, FileStream stream)
    {
        _target = target;
        _path = path;
        _note = $"{path}.version";
        _stream = stream;
        Version = stream.Length > 0 ? ReadVersion() : null;
    }

    public long Length => _stream.Length;

    /// <summary>What the server called the version of the file; null where it did not.</summary>
    public string? Version { get; private set; }

    /// <summary>Whether it was put together from several answers of servers, which may be parts of different files.</summary>
    public bool IsPieced { get; set; }

    /// <summary>The part of a file that is to be; an empty one at first.</summary>
    /// <exception cref="OutputException">It cannot be written, or another process is downloading it.</exception>
    public static PartFile Open(string target)
    {
        string path = PathOf(target);
        try
        {
            // Windows deletes what is open only where that was allowed; elsewhere this is a lock as well.
            FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, Chunk);
            stream.Position = stream.Length;
            return new PartFile(target, path, stream);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new OutputException($"cannot write '{path}': another process is downloading it; wait until that is done", error);
        }
        catch (Exception error) when (WriteFailure.Is(error))
        {
            throw new OutputException($"cannot write '{path}': {WriteFailure.Describe(error)}", error);
        }
    }

    public static string PathOf(string target) => $"{target}.part";

    /// <summary>Begins anew with a version of the file.</summary>
    public void Restart(string? version)
    {
        Guard(() =>
        {
            _stream.SetLength(0);
            File.Delete(_note);
        });
        // The note is there before anything that it speaks of.
        if (version is { Length: <= MostVersion })
            AtomicFile.Write(_note, stream => stream.Write(Encoding.UTF8.GetBytes(version)));
        Version = version;
        IsPieced = false;
    }

    public void Append(ReadOnlyMemory<byte> bytes) => Guard(() => _stream.Write(bytes.Span));

    /// <summary>Puts the whole file in its place, if its SHA-256 begins with the digits; gives the SHA-256.</summary>
    /// <exception cref="WeightsException">It is another file.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public string Complete(string digits, Uri address)
    {
        string found = "";
        AtomicFile.Write(_target, stream =>
        {
            _stream.Position = 0;
            found = Hash(_stream, stream.Write);
            if (!found.StartsWith(digits, StringComparison.Ordinal))
                throw new WeightsException(
                    $"'{Path.GetFileName(address.AbsolutePath)}' from '{address.Authority}' is not what its name says: its SHA-256 " +
                    $"begins with {found[..digits.Length]}, not {digits}; try later, or get the file in another way and give its " +
                    "path to --weights");
        });
        Remove();
        return found;
    }

    /// <summary>Deletes it; for what turned out to be of no use, or is in its place.</summary>
    public void Remove()
    {
        Guard(() =>
        {
            File.Delete(_note);
            File.Delete(_path);
        });
    }

    /// <summary>Whether a file is the one whose SHA-256 begins with the digits.</summary>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static bool IsWhole(string path, string digits) => HashOf(path).StartsWith(digits, StringComparison.Ordinal);

    /// <summary>The SHA-256 of a file in hexadecimal digits.</summary>
    /// <exception cref="WeightsException">The file cannot be read.</exception>
    public static string HashOf(string path)
    {
        try
        {
            using FileStream stream = SharedFile.Open(path, Chunk);
            return Hash(stream, _ => { });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"cannot read '{path}': {error.Message.TrimEnd('.')}; delete it", error);
        }
    }

    /// <summary>Leaves what has come for another time; of nothing nothing stays.</summary>
    public void Dispose()
    {
        try
        {
            if (_stream.Length == 0)
                File.Delete(_path);
            _stream.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What is still in the buffer does not fit either; that error is already on its way.
        }
    }

    private static string Hash(FileStream source, ByteSink write)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[Chunk];
        for (int read = source.Read(chunk); read > 0; read = source.Read(chunk))
        {
            sha.AppendData(chunk, 0, read);
            write(chunk.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    /// <summary>The version in the note; null where there is none that could be read.</summary>
    private string? ReadVersion()
    {
        try
        {
            return File.Exists(_note) && new FileInfo(_note).Length <= MostVersion ? File.ReadAllText(_note) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (WriteFailure.Is(error))
        {
            throw new OutputException($"cannot write '{_path}': {WriteFailure.Describe(error)}", error);
        }
    }
}
