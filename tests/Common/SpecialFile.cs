using System.Runtime.InteropServices;
using Xunit;

namespace SpGpu.Common.Tests;

/// <summary>Makes what the runtime cannot make.</summary>
internal static partial class SpecialFile
{
    private const uint CharacterDevice = 0x2000, Everyone = 0b110_110_110;

    public static void MakePipe(string path) => Assert.Equal(0, mkfifo(path, Everyone));

    /// <summary>False where the user may not make devices.</summary>
    public static bool TryMakeDevice(string path, uint major, uint minor)
    {
        if (mknod(path, CharacterDevice | Everyone, major << 8 | minor) != 0)
            return false;
        try
        {
            // Where devices are made but cannot be used.
            using FileStream opened = File.OpenWrite(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static bool TryLink(string path, string name) => link(path, name) == 0;

#pragma warning disable IDE1006 // Names are those of the C library.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mknod(string path, uint mode, ulong device);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string name);
#pragma warning restore IDE1006
}
