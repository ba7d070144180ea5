namespace SpGpu;

/// <summary>What a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing is there, or it cannot be seen.</summary>
    Missing,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A device, a pipe or a socket: opening or reading it may wait for ever, and replacing it would destroy it.</summary>
    Device,
}

/// <summary>Finds out what a path leads to.</summary>
internal static class FileKinds
{
    /// <summary>Asks without opening anything.</summary>
    /// <exception cref="ArgumentException">The path is empty or holds a NUL.</exception>
    public static FileKind Of(string path)
    {
        string full = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows())
        {
            return FileNames.IsDevice(full) ? FileKind.Device
                : Directory.Exists(full) ? FileKind.Folder
                : File.Exists(full) ? FileKind.File
                : FileKind.Missing;
        }
        return UnixFile.StatusOf(full) switch
        {
            null => FileKind.Missing,
            { IsFile: true } => FileKind.File,
            { IsFolder: true } => FileKind.Folder,
            _ => FileKind.Device,
        };
    }
}
