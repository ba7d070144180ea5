using Microsoft.Win32.SafeHandles;

namespace SpGpu;

/// <summary>Opens files for reading so that, on Windows too, they can be replaced meanwhile; the reader keeps the old content.</summary>
internal static class SharedFile
{
    private const FileShare Everything = FileShare.ReadWrite | FileShare.Delete;

    public static FileStream Open(string path, int bufferSize = 4096) => new(path, FileMode.Open, FileAccess.Read, Everything, bufferSize);

    public static SafeFileHandle OpenHandle(string path) => File.OpenHandle(path, share: Everything);
}
