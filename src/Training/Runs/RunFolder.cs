namespace SpGpu.Training.Runs;

/// <summary>Where a run keeps what it makes. While it is open, no other run can have it.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string _path;
    private readonly bool _isNew;
    private readonly RunLock _lock;

    private RunFolder(string path)
    {
        _path = path;
        _isNew = !Directory.Exists(path);
        Directory.CreateDirectory(path);
        _lock = new RunLock(path);
    }

    /// <summary>The last checkpoint.</summary>
    public string Last => LastIn(_path);

    /// <summary>Where a folder has it.</summary>
    public static string LastIn(string folder) => Path.Combine(folder, "last.safetensors");

    /// <summary>The checkpoint with the best validation score.</summary>
    public string Best => File("best.safetensors");

    /// <summary>Makes the folder if need be, and changes nothing in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="goOn">Whether a run that is there is meant to go on.</param>
    /// <exception cref="OutputException">
    /// It cannot be made, another run is at work there, it holds a run that this one would replace, or a file that a run
    /// cannot write: better now than when there is something to lose.
    /// </exception>
    public static RunFolder Open(string path, bool goOn)
    {
        RunFolder folder;
        try
        {
            folder = new RunFolder(path);
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            throw Unusable(path, error);
        }
        try
        {
            if (!goOn && System.IO.File.Exists(folder.Last))
                throw new OutputException(
                    $"'{path}' holds a run already; go on with it by --resume auto, or name another folder with --out");
            foreach (string file in RunLogs.Names.Select(folder.File).Prepend(folder.Best).Prepend(folder.Last))
                ThrowIfLocked(file, goOn);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes room: gives another name to what this run would write over, unless it goes on from a file of the folder.</summary>
    /// <param name="from">The checkpoint that it goes on from, if any.</param>
    /// <param name="print">Takes a line for each.</param>
    /// <exception cref="OutputException">A file cannot be renamed.</exception>
    public void Clear(string? from, Action<string> print)
    {
        if (from is not null && FileIdentity.AreSame(Path.GetDirectoryName(Path.GetFullPath(from))!, _path))
            return;
        foreach (string path in RunPictures.Names.Select(File).Prepend(Best).Prepend(Last).Where(System.IO.File.Exists))
            print($"note: '{Path.GetFileName(path)}' is not of this run and is kept as '{Aside.Put(path)}'");
    }

    /// <summary>The path of a file.</summary>
    public string File(string name) => Path.Combine(_path, name);

    /// <summary>Lets others have the folder; one that was made and stayed empty goes.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            if (_isNew && !Directory.EnumerateFileSystemEntries(_path).Any())
                Directory.Delete(_path);
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            // An empty folder does no harm.
        }
    }

    /// <summary>Refuses what no run could write, and what it would have to replace and may not.</summary>
    private static void ThrowIfLocked(string file, bool goOn)
    {
        if (FileKinds.Of(file) is FileKind.Folder or FileKind.Device)
            throw new OutputException($"cannot write '{file}': it is no file; rename it, or name another folder with --out");
        try
        {
            if (goOn)
                FileRights.Of(file)?.ThrowIfReadOnly();
        }
        catch (IOException error)
        {
            throw new OutputException($"cannot write '{file}': {WriteFailure.Describe(error)}", error);
        }
    }

    private static bool IsOfFiles(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    private static OutputException Unusable(string path, Exception error) =>
        new($"cannot make or write the folder '{path}': {WriteFailure.Describe(error)} with --out", error);
}
