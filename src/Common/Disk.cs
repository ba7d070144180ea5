using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SpGpu;

/// <summary>Waits until what was written is on the disk. A test puts one that fails in its place.</summary>
internal class Disk
{
    private static readonly AsyncLocal<Disk?> _replacement = new();

    private static readonly Disk _disk = new();

    /// <summary>The one in use. Another one holds for what its setter runs and starts; null ends that.</summary>
    [AllowNull]
    public static Disk Current
    {
        get => _replacement.Value ?? _disk;
        set => _replacement.Value = value;
    }

    /// <summary>Waits for the content of a file.</summary>
    /// <exception cref="IOException">The content is not safe: the disk failed or is full.</exception>
    public virtual void Flush(SafeFileHandle file)
    {
        // On Unix the runtime's own flush passes over an error of the disk.
        if (OperatingSystem.IsWindows())
            RandomAccess.FlushToDisk(file);
        else
            UnixFile.Flush(file);
    }

    /// <summary>Waits for the names in a folder.</summary>
    /// <exception cref="IOException">The names are not safe: the disk failed or is full.</exception>
    [UnsupportedOSPlatform("windows")]
    public virtual void FlushFolder(string folder) => UnixFile.FlushFolder(folder);
}
