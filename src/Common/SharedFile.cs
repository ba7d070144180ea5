using Microsoft.Win32.SafeHandles;

namespace SpGpu;

/// <summary>Opens files for reading so that, on Windows too, they can be replaced meanwhile; the reader keeps the old content.</summary>
internal static class SharedFile
{
    private const FileShare Everything = FileShare.ReadWrite | FileShare.Delete;

    /// <exception cref="IOException">
    /// As the constructor of a stream; also where Windows takes the name for a device, such as con.png.
    /// </exception>
    public static FileStream Open(string path, int bufferSize = 4096)
    {
        ThrowIfDevice(path);
        return Patiently(() => new FileStream(path, FileMode.Open, FileAccess.Read, Everything, bufferSize));
    }

    /// <exception cref="IOException">As <see cref="Open"/>.</exception>
    public static SafeFileHandle OpenHandle(string path)
    {
        ThrowIfDevice(path);
        return Patiently(() => File.OpenHandle(path, share: Everything));
    }

    private static T Patiently<T>(Func<T> open) => OperatingSystem.IsWindows() ? WindowsFile.Open(open) : open();

    /// <summary>The console would be waited for until someone types; elsewhere a pipe may be what someone means.</summary>
    private static void ThrowIfDevice(string path)
    {
        if (OperatingSystem.IsWindows() && FileKinds.Of(path) == FileKind.Device)
            throw new IOException("Windows keeps that name for a device");
    }
}
