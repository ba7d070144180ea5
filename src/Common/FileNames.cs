using System.Text;

namespace SpGpu;

/// <summary>Names that systems do not take, or that mean something of their own on Windows.</summary>
internal static class FileNames
{
    private const int MaxLength = 255;

    private static readonly string[] _devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Whether a name, with or without an extension, is one of Windows' devices: CON, NUL, COM1, LPT9 and so on.</summary>
    public static bool IsReserved(string name)
    {
        string stem = name.Split('.')[0].TrimEnd(' ');
        return _devices.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || stem.Length == 4 && "0123456789¹²³".Contains(stem[3], StringComparison.Ordinal)
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase)
                    || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether Windows takes a full path for a device or a pipe: <c>\\.\NUL</c>, but not <c>\\.\C:\file</c>.</summary>
    public static bool IsDevice(string full) =>
        full.StartsWith(@"\\.\", StringComparison.Ordinal) && !(full.Length > 6 && full[5] == ':' && full[6] == '\\');

    /// <summary>The beginning of a name, as much as leaves room for an ending of so many Latin letters.</summary>
    public static string Cut(string name, int ending)
    {
        // File systems count bytes; those of Windows UTF-16 units, which are fewer, but a share may lie on another system.
        int end = name.Length;
        while (Encoding.UTF8.GetByteCount(name.AsSpan(0, end)) + ending > MaxLength)
            end -= end > 1 && char.IsSurrogatePair(name, end - 2) ? 2 : 1;
        return name[..end];
    }

    /// <summary>
    /// Refuses names that are lost on Windows: it leaves out dots and blanks at the end, and NUL.png is NUL to it. NUL
    /// itself is what it says.
    /// </summary>
    /// <exception cref="OutputException">The file would have another name than the one given.</exception>
    public static void ThrowIfLost(string path)
    {
        string name = Path.GetFileName(path);
        if (!OperatingSystem.IsWindows() || name.Length == 0)
            return;
        if (IsReserved(name) && name.Contains('.', StringComparison.Ordinal))
            throw new OutputException($"cannot write '{path}': Windows keeps that name for a device; give another one");
        if (name[^1] is '.' or ' ')
            throw new OutputException($"cannot write '{path}': Windows takes no name that ends in a dot or a blank; give another one");
    }
}
