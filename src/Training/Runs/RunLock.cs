using System.Globalization;
using System.Text;

namespace SpGpu.Training.Runs;

/// <summary>
/// Keeps a second run out of a folder: an open file that nobody else can open. The system lets go of it with the process,
/// however that ends, so a file that is left over locks nothing. Its text is for people.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string Mark = "process ";

    private readonly string _path;
    private readonly FileStream _file;

    /// <exception cref="OutputException">Another run has the folder, or a file of somebody's own has the name of the lock.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public RunLock(string folder)
    {
        _path = Path.Combine(folder, "run.lock");
        try
        {
            _file = Open();
            // A run that ended just now has taken the name away, and without a name the file keeps nobody out.
            while (!File.Exists(_path))
            {
                _file.Dispose();
                _file = Open();
            }
        }
        catch (IOException error) when (IsTaken(error))
        {
            string since = File.GetLastWriteTime(_path).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            throw new OutputException(
                $"another run is at work in '{folder}', since {since}; wait for its end, stop it, or name another folder with --out",
                error);
        }
        try
        {
            if (!IsOfARun())
                throw new OutputException($"'{_path}' is no lock of a run; rename it, or name another folder with --out");
            _file.SetLength(0);
            _file.Write(Encoding.UTF8.GetBytes(FormattableString.Invariant(
                $"{Mark}{Environment.ProcessId} on {Environment.MachineName}, since {DateTime.Now:yyyy-MM-dd HH:mm:ss}\n")));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // The name goes first, while nobody else can have it; Windows lets it go only with the last handle.
        if (!OperatingSystem.IsWindows())
            Delete();
        _file.Dispose();
        if (OperatingSystem.IsWindows())
            Delete();
    }

    /// <summary>Whether the file is new, or left over from a run: others are not emptied.</summary>
    private bool IsOfARun()
    {
        var start = new byte[Mark.Length];
        return _file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == 0 || Encoding.UTF8.GetString(start) == Mark;
    }

    /// <summary>On Unix, no sharing is an exclusive flock.</summary>
    private FileStream Open() => new(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    /// <summary>ERROR_SHARING_VIOLATION; EWOULDBLOCK of Linux, and of BSD and macOS.</summary>
    private static bool IsTaken(IOException error) =>
        OperatingSystem.IsWindows() ? (error.HResult & 0xFFFF) == 32 : error.HResult is 11 or 35;

    private void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What is left over locks nothing.
        }
    }
}
