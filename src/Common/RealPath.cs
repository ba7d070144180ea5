namespace SpGpu;

/// <summary>Where a path leads when every link on it is followed.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>The full path with every link followed. The file and its folders need not exist.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        int links = 0;
        string full = Path.GetFullPath(path), root = Path.GetPathRoot(full)!;
        return Follow(root, full[root.Length..], ref links);
    }

    /// <summary>Step by step, because a '..' behind a link is the parent of where the link leads.</summary>
    private static string Follow(string here, string rest, ref int links)
    {
        foreach (string part in rest.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar],
            StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                here = Path.GetDirectoryName(here) ?? here;
                continue;
            }
            string next = Path.Combine(here, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                here = next;
                continue;
            }
            if (++links > MostLinks)
                throw new IOException("its links lead in a circle");
            string root = Path.GetPathRoot(target)!;
            here = Follow(root.Length > 0 ? Path.GetFullPath(root, here) : here, target[root.Length..], ref links);
        }
        return here;
    }
}
