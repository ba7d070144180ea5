using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SpGpu;

/// <summary>What Windows can do with files and the runtime cannot.</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsFile
{
    private const uint NoAccess = 0, DeleteAccess = 0x10000, ShareAll = 7, OpenExisting = 3, FoldersToo = 0x02000000;
    private const int RenameEx = 22, ReplaceIfExists = 1, PosixSemantics = 2;
    private const int SharingViolation = 32, LockViolation = 33, MappedFile = 1224;

    /// <summary>
    /// How long a file that another program holds is waited for: virus scanners and viewers look at a new file for a
    /// moment.
    /// </summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Renames a file over another one, which may be open for reading where its reader allows that.</summary>
    /// <exception cref="HeldFileException">Another program holds the file.</exception>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static void Replace(string source, string target)
    {
        try
        {
            Patiently(() => TryRename(source, target) || Move(), IsInTheWay);
        }
        catch (Exception error) when (IsInTheWay(error))
        {
            throw new HeldFileException(error);
        }

        // A file that is open may not be written, says Windows at times.
        bool IsInTheWay(Exception error) => (IsHeld(error) || error is UnauthorizedAccessException) && File.Exists(target);

        bool Move()
        {
            File.Move(source, target, overwrite: true);
            return true;
        }
    }

    /// <summary>
    /// Opens a file that another program may hold for a moment, as a file system that cannot replace what is open does
    /// with it.
    /// </summary>
    public static T Open<T>(Func<T> open) => Patiently(open, IsHeld);

    /// <summary>
    /// The volume of a file or a folder and its number there, links followed; null where there is none, or where the file
    /// system gives no numbers.
    /// </summary>
    public static string? NumberOf(string path)
    {
        using SafeFileHandle file = CreateFile(path, NoAccess, ShareAll, 0, OpenExisting, FoldersToo, 0);
        Span<byte> information = stackalloc byte[52];
        if (file.IsInvalid || !GetFileInformationByHandle(file, information))
            return null;
        string volume = Convert.ToHexString(information.Slice(28, 4)), number = Convert.ToHexString(information.Slice(44, 8));
        return number.Trim('0').Length == 0 ? null : $"{volume}:{number}";
    }

    private static bool IsHeld(Exception error) =>
        error is IOException && (error.HResult & 0xFFFF) is SharingViolation or LockViolation or MappedFile;

    private static T Patiently<T>(Func<T> attempt, Func<Exception, bool> isWorthWaiting)
    {
        long start = Environment.TickCount64;
        for (int pause = 10; ; pause = Math.Min(2 * pause, 250))
        {
            try
            {
                return attempt();
            }
            catch (Exception error) when (isWorthWaiting(error) && Environment.TickCount64 - start <= _patience.TotalMilliseconds)
            {
                Thread.Sleep(pause);
            }
        }
    }

    /// <summary>
    /// As Unix renames: readers that share deletion keep the old file. False where the file system has no such thing, or
    /// where it failed; the plain way then tells why.
    /// </summary>
    private static bool TryRename(string source, string target)
    {
        using SafeFileHandle file = CreateFile(source, DeleteAccess, ShareAll, 0, OpenExisting, FoldersToo, 0);
        if (file.IsInvalid)
            return false;
        // Flags, a handle that stays empty, the length of the name in bytes, the name; places follow the size of a handle.
        byte[] name = Encoding.Unicode.GetBytes(Path.GetFullPath(target));
        int length = 2 * IntPtr.Size;
        var information = new byte[length + sizeof(int) + name.Length + sizeof(char)];
        BinaryPrimitives.WriteInt32LittleEndian(information, ReplaceIfExists | PosixSemantics);
        BinaryPrimitives.WriteInt32LittleEndian(information.AsSpan(length), name.Length);
        name.CopyTo(information, length + sizeof(int));
        return SetFileInformationByHandle(file, RenameEx, information, information.Length);
    }

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial SafeFileHandle CreateFile(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, Span<byte> information);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetFileInformationByHandle(SafeFileHandle file, int kind, byte[] information, int size);
}

/// <summary>A file that another program has open.</summary>
internal sealed class HeldFileException(Exception inner) : IOException(inner.Message, inner);
