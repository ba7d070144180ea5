namespace SpGpu.Data;

/// <summary>Turns what a user names into picture files.</summary>
public static class ImageList
{
    private static readonly string[] _imageExtensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    private static readonly string[] _listExtensions = [".txt", ".lst"];

    /// <summary>
    /// The pictures that the arguments name, in order, each once. An argument is a folder (its pictures by
    /// extension, in ordinal order, subfolders left out), a list (.txt or .lst: a path a line, relative to the
    /// list's folder; empty lines and lines that start with # are skipped; of a line with columns, by tab or
    /// space, the first one counts), or a picture, which may have any name.
    /// </summary>
    /// <exception cref="DatasetException">Something does not exist or cannot be read, or there are no pictures.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var images = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string image in arguments.SelectMany(ExpandOne))
        {
            if (seen.Add(Path.GetFullPath(image)))
                images.Add(image);
        }
        return images.Count > 0 ? images : throw new DatasetException("no pictures; name a picture, a folder or a list");
    }

    private static IReadOnlyList<string> ExpandOne(string argument)
    {
        if (Directory.Exists(argument))
            return FromFolder(argument);
        if (!File.Exists(argument))
            throw new DatasetException($"'{argument}' does not exist; name a picture, a folder or a list (.txt, .lst)");
        return HasExtension(argument, _listExtensions) ? FromList(argument) : [argument];
    }

    private static string[] FromFolder(string folder)
    {
        string[] images;
        try
        {
            images = [.. Directory.EnumerateFiles(folder).Where(file => HasExtension(file, _imageExtensions))];
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"cannot list the folder '{folder}': {failed.Message.TrimEnd('.')}; check its access rights", failed);
        }
        if (images.Length == 0)
            throw new DatasetException($"the folder '{folder}' has no pictures ({string.Join(", ", _imageExtensions)}); name another, or its subfolders one by one");
        Array.Sort(images, StringComparer.Ordinal);
        return images;
    }

    private static List<string> FromList(string list)
    {
        string folder = Path.GetDirectoryName(list) ?? "";
        IReadOnlyList<string> lines = TextLines.Read(list, (message, inner) => new DatasetException(message, inner));
        var images = new List<string>();
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
                continue;
            images.Add(FindEntry(folder, lines[i])
                ?? throw new DatasetException($"'{list}', line {i + 1}: no such file '{Path.Combine(folder, FirstColumn(lines[i]))}'; paths are relative to the list's folder"));
        }
        return images.Count > 0
            ? images
            : throw new DatasetException($"the list '{list}' names no pictures; write a path a line");
    }

    /// <summary>The whole line if that is a file, because names may have spaces; else its first column.</summary>
    private static string? FindEntry(string folder, string line)
    {
        string whole = Path.Combine(folder, line);
        if (File.Exists(whole))
            return whole;
        string first = Path.Combine(folder, FirstColumn(line));
        return File.Exists(first) ? first : null;
    }

    private static string FirstColumn(string line) => line.Split(line.Contains('\t', StringComparison.Ordinal) ? '\t' : ' ', 2)[0].TrimEnd();

    private static bool HasExtension(string path, string[] extensions) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
