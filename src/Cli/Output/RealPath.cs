namespace SpGpu.Cli.Output;

/// <summary>Tells whether two paths are one file, whatever links lead to it.</summary>
internal static class RealPath
{
    /// <summary>
    /// Paths that differ in case alone count as one: on some systems they are, and on the others nothing is lost.
    /// </summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    public static bool AreSame(string a, string b) => Comparer.Equals(Of(a), Of(b));

    /// <summary>The full path with every link followed. The file need not exist.</summary>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        string here = Path.Combine(Of(parent), Path.GetFileName(full));
        FileSystemInfo entry = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        try
        {
            return entry.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Of(target.FullName) : here;
        }
        catch (IOException)
        {
            // Not there yet, or a circle of links that opening it will report.
            return here;
        }
    }
}
