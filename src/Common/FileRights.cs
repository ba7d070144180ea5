using Microsoft.Win32.SafeHandles;

namespace SpGpu;

/// <summary>Who may do what with a file that is about to be replaced.</summary>
internal sealed class FileRights
{
    private readonly string _path;
    private readonly UnixStatus? _status;

    private FileRights(string path, UnixStatus? status)
    {
        _path = path;
        _status = status;
    }

    /// <summary>Those of a file; null where there is none.</summary>
    public static FileRights? Of(string path) => File.Exists(path)
        ? new FileRights(path, OperatingSystem.IsWindows() ? null : UnixFile.StatusOf(path))
        : null;

    /// <summary>Root may write everything, so a file without any right to write is refused to root as well.</summary>
    /// <exception cref="IOException">The user may not write the file.</exception>
    public void ThrowIfReadOnly()
    {
        if (OperatingSystem.IsWindows() ? (File.GetAttributes(_path) & FileAttributes.ReadOnly) != 0 : _status is { IsWritable: false })
            throw new ReadOnlyFileException();
        if (!OperatingSystem.IsWindows())
            UnixFile.ThrowIfNotWritable(_path);
    }

    /// <summary>Gives them to the file that takes its place.</summary>
    public void GiveTo(SafeFileHandle file)
    {
        if (_status is { } status && !OperatingSystem.IsWindows())
            UnixFile.Adopt(file, status);
    }
}

/// <summary>A file that its owner has protected.</summary>
internal sealed class ReadOnlyFileException : IOException;
