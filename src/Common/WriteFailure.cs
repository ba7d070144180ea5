namespace SpGpu;

/// <summary>Why something could not be written, and what helps.</summary>
internal static class WriteFailure
{
    /// <summary>Whether an error is one of writing.</summary>
    public static bool Is(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    /// <summary>The cause and, after a semicolon, the remedy. No path is named: a temporary one would only puzzle.</summary>
    public static string Describe(Exception error) => error switch
    {
        DirectoryNotFoundException => "its folder does not exist; make it, or name another one",
        ReadOnlyFileException => "it is write-protected; change its rights or name another file",
        PathTooLongException => "the path is too long; give a shorter name",
        HeldFileException => "another program holds it open; close that, or name another file",
        UnauthorizedAccessException => "writing there is not allowed; change the rights of the folder, or name another place",
        _ => (CodeOf(error), OperatingSystem.IsWindows()) switch
        {
            (28, false) or (39 or 112, true) => "no space is left on the disk; make space, or name another place",
            (69 or 122, false) or (1295, true) => "the quota is used up; make space, or name another place",
            (27, false) or (223, true) => "it would be larger than files may be there; name a place that takes it",
            (30, false) or (19, true) => "the file system is read-only; name another place",
            (32, false) or (109 or 232, true) => "what reads it is gone",
            (5, false) or (23 or 1117, true) => "the disk reports an error; check it, or name another place",
            _ => $"{Plain(error)}; check the path and the disk, or name another place",
        },
    };

    /// <summary>The system's number of an error.</summary>
    private static int CodeOf(Exception error) => OperatingSystem.IsWindows() ? error.HResult & 0xFFFF : error.HResult;

    /// <summary>The runtime puts the path that it was given behind its text.</summary>
    private static string Plain(Exception error) =>
        error.Message.ReplaceLineEndings(" ").Split(" : '")[0].TrimEnd('.');
}
