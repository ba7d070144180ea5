namespace SpGpu.Cli.Output;

/// <summary>The folder that results go to.</summary>
internal static class OutputFolder
{
    /// <summary>
    /// The pictures without the results of an earlier run, where their folder lies in one whose pictures are taken; not where it was
    /// named itself.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="named">What was named, from which they come.</param>
    public static string[] Leave(string path, IReadOnlyList<string> pictures, IEnumerable<string> named)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;
        bool IsWithin(string file) => Path.GetFullPath(file).StartsWith(folder, StringComparison.Ordinal);
        bool isNamed = named.Any(name => IsWithin(name + Path.DirectorySeparatorChar));
        return [.. pictures.Where(picture => isNamed || !IsWithin(picture))];
    }

    /// <summary>Makes it.</summary>
    /// <exception cref="OutputException">It cannot be made.</exception>
    public static void Create(string? path)
    {
        // A device has no folder.
        if (path is null)
            return;
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new OutputException($"cannot make the folder '{path}': {error.Message.TrimEnd('.')}; name another one with --out", error);
        }
    }
}
