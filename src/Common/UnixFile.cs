using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SpGpu;

/// <summary>
/// What Linux and macOS know about files and the runtime does not tell: by the C library, because a package for it would
/// bring a native library for a dozen calls.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFile
{
    private const int NotPermitted = 1, Interrupted = 4, NoAccess = 13, Invalid = 22;
    private const int WriteAccess = 2;
    private const int CurrentFolder = -100;
    private const uint BasicStatus = 0x7FF;
    private const int FullFlush = 51;

    private static int NotSupported => OperatingSystem.IsMacOS() ? 45 : 95;

    private static int CloseOnExecute => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>What is behind a path, links followed; null where nothing is or nothing can be seen.</summary>
    public static UnixStatus? StatusOf(string path)
    {
        Span<byte> status = stackalloc byte[256];
        if (OperatingSystem.IsMacOS())
        {
            bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
            return (isArm ? stat(path, status) : stat64(path, status)) != 0 ? null : new UnixStatus(
                Int(status, 0), BinaryPrimitives.ReadUInt64LittleEndian(status[8..]), Short(status, 4), Int(status, 16), Int(status, 20));
        }
        return statx(CurrentFolder, path, 0, BasicStatus, status) != 0 ? null : new UnixStatus(
            (ulong)Int(status, 136) << 32 | Int(status, 140), BinaryPrimitives.ReadUInt64LittleEndian(status[32..]), Short(status, 28),
            Int(status, 20), Int(status, 24));

        static uint Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
    }

    /// <summary>Whether the standard output of the process goes to what is behind a path.</summary>
    public static bool IsStandardOutput(string path) =>
        StatusOf("/dev/fd/1") is { } output && StatusOf(path) is { } status
            && (output.Device, output.Inode) == (status.Device, status.Inode);

    /// <exception cref="IOException">The user may not write the file.</exception>
    public static void ThrowIfNotWritable(string path)
    {
        if (access(path, WriteAccess) == 0)
            return;
        int error = Marshal.GetLastPInvokeError();
        throw error is NoAccess or NotPermitted ? new ReadOnlyFileException() : Failure(error);
    }

    /// <summary>Makes the mode and, where that is allowed, the owner of a file those of another one.</summary>
    public static void Adopt(SafeFileHandle file, UnixStatus status)
    {
        // First, because a change of the owner takes rights away. Only root may give a file away.
        _ = fchown(file, status.Owner, status.Group);
        if (File.GetUnixFileMode(file) != status.Rights)
            File.SetUnixFileMode(file, status.Rights);
    }

    /// <summary>A second name for a file. False where the file system knows no such thing or the user has no right to it.</summary>
    public static bool TryLink(string path, string name) => link(path, name) == 0;

    /// <exception cref="IOException">The disk failed or is full.</exception>
    public static void Flush(SafeFileHandle file)
    {
        // macOS' fsync stops at the cache of the disk.
        if (OperatingSystem.IsMacOS() && fcntl(file, FullFlush) >= 0)
            return;
        while (fsync(file) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            // Pipes, devices and some file systems have nothing that they could wait for.
            if (error == Invalid || error == NotSupported)
                return;
            if (error != Interrupted)
                throw Failure(error);
        }
    }

    /// <exception cref="IOException">The disk failed or is full.</exception>
    public static void FlushFolder(string folder)
    {
        using SafeFileHandle opened = open(folder, CloseOnExecute);
        if (!opened.IsInvalid)
        {
            Flush(opened);
            return;
        }
        int error = Marshal.GetLastPInvokeError();
        // A folder may be one to write into and not to read; then nobody can ask for it.
        if (error is not (NoAccess or NotPermitted))
            throw Failure(error);
    }

    private static IOException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error), error);

#pragma warning disable CA2101, SYSLIB1054, IDE1006 // Names are those of the C library.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchown(SafeFileHandle file, uint owner, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int stat(string path, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int stat64(string path, Span<byte> status);
#pragma warning restore CA2101, SYSLIB1054, IDE1006
}
