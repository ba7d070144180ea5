using System.Collections.Concurrent;

namespace SpGpu;

/// <summary>
/// A file that is being written, under a short name that no one has chosen. It is locked for as long as its process
/// lives: what a process that was killed has left behind can be told from what another one is writing, and goes with the
/// next file that is written to the folder.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const string Start = ".spgpu-", End = ".tmp";
    private const int Length = 10, MostAttempts = 20;

    /// <summary>Those of this process. What ends it orderly, such as a signal, takes them along.</summary>
    private static readonly ConcurrentDictionary<string, bool> _present = new();

    /// <summary>The folders that were looked through already.</summary>
    private static readonly ConcurrentDictionary<string, bool> _tidied = new();

    private readonly string _path;

    static TemporaryFile()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveUnfinished();
    }

    private TemporaryFile(string path, FileStream stream)
    {
        _path = path;
        Stream = stream;
    }

    /// <summary>What is written to.</summary>
    public FileStream Stream { get; }

    /// <exception cref="IOException">The folder is missing or cannot be written.</exception>
    public static TemporaryFile Create(string folder)
    {
        if (_tidied.TryAdd(folder, true))
            RemoveLeftovers(folder);
        for (int attempt = 1; ; attempt++)
        {
            string path = NewName(folder);
            _present[path] = true;
            FileStream? stream = null;
            try
            {
                // On Windows it can be renamed while it is open; elsewhere that needs no permission, and this is a lock.
                stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write,
                    OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, 1 << 16);
                // Before it was locked, another process may have taken it for a leftover.
                if (File.Exists(path))
                    return new TemporaryFile(path, stream);
            }
            catch (IOException error) when (attempt < MostAttempts && error is not (DirectoryNotFoundException or PathTooLongException))
            {
                // The same, a moment later; the file may be gone by now.
            }
            catch
            {
                _present.TryRemove(path, out _);
                throw;
            }
            stream?.Dispose();
            _present.TryRemove(path, out _);
        }
    }

    /// <summary>Deletes what this process is writing; for its very end.</summary>
    public static void RemoveUnfinished()
    {
        foreach (string path in _present.Keys)
            TryDelete(path);
    }

    /// <summary>Deletes what processes that are gone have left in a folder, as far as that is allowed.</summary>
    public static void RemoveLeftovers(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, $"{Start}*{End}").Where(IsOurs))
            {
                try
                {
                    // Opening fails where a process still writes.
                    new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // It is in use or not ours to delete.
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be read can still be written.
        }
    }

    /// <summary>Puts the file in the place of another one and waits for the folder; where that fails, all is as it was.</summary>
    /// <exception cref="IOException">It cannot be put there.</exception>
    public void Replace(string target)
    {
        if (OperatingSystem.IsWindows())
        {
            // Which keeps a journal of names.
            WindowsFile.Replace(_path, target);
            return;
        }
        string folder = Path.GetDirectoryName(target)!;
        // The old file under a second name, until the disk has taken the new one.
        string old = NewName(folder);
        bool isNew = !File.Exists(target), isKept = !isNew && UnixFile.TryLink(target, old);
        if (isKept)
            _present[old] = true;
        try
        {
            File.Move(_path, target, overwrite: true);
            // Under its new name it is for everyone to read.
            Stream.Dispose();
            try
            {
                Disk.Current.FlushFolder(folder);
            }
            catch (IOException)
            {
                if (isKept)
                    File.Move(old, target, overwrite: true);
                else if (isNew)
                    File.Delete(target);
                throw;
            }
        }
        finally
        {
            if (isKept)
                Delete(old);
        }
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // What is still in the buffer does not fit either; that error is already on its way.
        }
        Delete(_path);
    }

    // What System.Security.Cryptography has for this ends the process on Linux where OpenSSL is missing.
    private static string NewName(string folder) => Path.Combine(folder, Start + Guid.NewGuid().ToString("N")[..Length] + End);

    private static bool IsOurs(string path) => Path.GetFileName(path).Length == Start.Length + Length + End.Length;

    private static void Delete(string path)
    {
        TryDelete(path);
        _present.TryRemove(path, out _);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nothing more can be done here; the next run tries again.
        }
    }
}
