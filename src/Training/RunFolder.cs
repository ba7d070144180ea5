namespace SpGpu.Training;

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
    public string Last => File("last.safetensors");

    /// <summary>The checkpoint with the best validation score.</summary>
    public string Best => File("best.safetensors");

    /// <summary>Makes the folder if need be, and changes nothing in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="goOn">Whether a run that is there is meant to go on.</param>
    /// <exception cref="OutputException">It cannot be made, another run is at work there, or it holds a run that this one would replace.</exception>
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
        if (goOn || !System.IO.File.Exists(folder.Last))
            return folder;
        folder.Dispose();
        throw new OutputException($"'{path}' holds a run already; go on with it by --resume auto, or name another folder with --out");
    }

    /// <summary>Makes room: gives another name to what this run would write over unless the folder holds a run.</summary>
    /// <exception cref="OutputException">A file cannot be renamed.</exception>
    public void Clear(Action<string> print)
    {
        if (System.IO.File.Exists(Last))
            return;
        foreach (string path in RunPictures.Names.Select(File).Prepend(Best).Where(System.IO.File.Exists))
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

    private static bool IsOfFiles(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    private static OutputException Unusable(string path, Exception error) =>
        new($"cannot make or write the folder '{path}': {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; name another one with --out", error);
}
