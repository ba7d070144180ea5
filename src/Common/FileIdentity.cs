namespace SpGpu;

/// <summary>
/// Tells whether two paths are one file, whatever leads to it: links, hard links, mounts, drive letters, shares. Paths
/// that differ in case alone count as one: on some systems they are, and on the others nothing is lost.
/// </summary>
/// <param name="Number">What the system calls the file; null where there is none, or where a file system numbers nothing.</param>
/// <param name="Place">The innermost folder that is there, by its number, and the names below it.</param>
internal readonly record struct FileIdentity(string? Number, string Place)
{
    /// <summary>That of a path. Neither the file nor its folders need exist.</summary>
    public static FileIdentity Of(string path)
    {
        string real;
        try
        {
            real = RealPath.Of(path);
        }
        catch (IOException)
        {
            // A circle of links, which opening it will report.
            real = Path.GetFullPath(path);
        }
        string rest = "";
        for (string? folder = real; Path.GetDirectoryName(folder) is { } parent; folder = parent)
        {
            rest = '/' + Path.GetFileName(folder).ToUpperInvariant() + rest;
            if (NumberOf(parent) is { } number)
                return new FileIdentity(NumberOf(real), number + rest);
        }
        return new FileIdentity(NumberOf(real), real.ToUpperInvariant());
    }

    /// <summary>Whether two paths are one file.</summary>
    public static bool AreSame(string a, string b) => Of(a).IsThatOf(Of(b));

    /// <summary>Whether two files are one.</summary>
    public bool IsThatOf(FileIdentity other) => Place == other.Place || Number is not null && Number == other.Number;

    private static string? NumberOf(string path) => OperatingSystem.IsWindows()
        ? WindowsFile.NumberOf(path)
        : UnixFile.StatusOf(path) is { } status ? $"{status.Device:x}:{status.Inode:x}" : null;
}
