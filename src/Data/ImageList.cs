namespace SpGpu.Data;

/// <summary>Turns what a user names into picture files.</summary>
public static class ImageList
{
    private static readonly string[] _imageExtensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    private static readonly string[] _listExtensions = [".txt", ".lst"];

    private static readonly string[] _litter = ["Thumbs.db", "desktop.ini"];

    /// <summary>A pattern means the same on every system, without Windows' own rules, by which a dot may stand for nothing.</summary>
    private static readonly EnumerationOptions _plainly = new()
    {
        MatchType = MatchType.Simple,
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
    };

    /// <summary>
    /// The pictures that the arguments name, in order, each once. An argument is a folder (its pictures by
    /// extension, in ordinal order, subfolders left out), a list (.txt or .lst: a path a line, relative to the
    /// list's folder; empty lines and lines that start with # are skipped; of a line with columns, by tab or
    /// space, the first one counts), a picture, which may have any name, or a pattern with * or ? in its last part,
    /// which not every shell replaces by the files that it stands for.
    /// </summary>
    /// <param name="arguments">What the user names.</param>
    /// <param name="note">
    /// Takes a line about each folder of which files are passed over: hidden ones, such as macOS' ._NAME.jpg, Thumbs.db,
    /// desktop.ini, and what is no regular file. A file that is named itself is never passed over.
    /// </param>
    /// <param name="recursive">
    /// Whether folders within folders count too, each after the one that has it; not hidden ones, nor links to folders.
    /// </param>
    /// <exception cref="DatasetException">Something does not exist or cannot be read, or there are no pictures.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> arguments, Action<string>? note = null, bool recursive = false)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var images = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string image in arguments.SelectMany(argument => ExpandOne(argument, note, recursive)))
        {
            if (seen.Add(Path.GetFullPath(image)))
                images.Add(image);
        }
        return images.Count > 0 ? images : throw new DatasetException("no pictures; name a picture, a folder or a list");
    }

    private static IReadOnlyList<string> ExpandOne(string argument, Action<string>? note, bool recursive)
    {
        if (Directory.Exists(argument))
            return FromFolder(argument, note, recursive);
        if (File.Exists(argument))
            return FromFile(argument);
        return FromPattern(argument, note)
            ?? throw new DatasetException(
                $"'{TextLines.Shorten(argument)}' does not exist; name a picture, a folder or a list (.txt, .lst)");
    }

    private static IReadOnlyList<string> FromFile(string file) => HasExtension(file, _listExtensions) ? FromList(file) : [file];

    private static string[] FromFolder(string folder, Action<string>? note, bool recursive)
    {
        string[] folders = recursive ? [folder, .. Within(folder)] : [folder];
        string[] images = [.. folders.SelectMany(one => Files(one, "*", note)).Where(file => HasExtension(file, _imageExtensions))];
        return images.Length > 0
            ? images
            : throw new DatasetException(
                $"the folder '{folder}' has no pictures ({string.Join(", ", _imageExtensions)}); " +
                (recursive ? "nor has one within it; name another" : "name another, or its subfolders one by one"));
    }

    /// <summary>The folders below a folder, each before those that it has.</summary>
    private static IEnumerable<string> Within(string folder) => Listed(folder, () => Directory.GetDirectories(folder, "*", _plainly))
        .Where(below => !Path.GetFileName(below).StartsWith('.') && new DirectoryInfo(below).LinkTarget is null)
        .SelectMany(below => Within(below).Prepend(below));

    /// <summary>The files that a pattern stands for; null if it is none, or its folder does not exist.</summary>
    private static string[]? FromPattern(string pattern, Action<string>? note)
    {
        string name = Path.GetFileName(pattern), folder = pattern[..^name.Length];
        if (name.AsSpan().IndexOfAny('*', '?') < 0 || folder.Length > 0 && !Directory.Exists(folder))
            return null;
        string[] files =
            [.. Files(folder.Length > 0 ? folder : ".", name, note).Select(file => folder + Path.GetFileName(file)).SelectMany(FromFile)];
        return files.Length > 0
            ? files
            : throw new DatasetException($"no file is called '{pattern}'; name a picture, a folder or a list (.txt, .lst)");
    }

    /// <summary>The regular files of a folder in ordinal order.</summary>
    private static string[] Files(string folder, string pattern, Action<string>? note)
    {
        string[] files = Listed(folder, () => Directory.GetFiles(folder, pattern, _plainly));
        ILookup<bool, string> litter = files.ToLookup(IsLitter);
        string[] passedOver = [.. litter[true]];
        if (passedOver.Length > 0)
        {
            string number = passedOver.Length == 1 ? "1 file" : $"{passedOver.Length} files";
            note?.Invoke($"passed over {number} of '{folder}', hidden or not regular, such as '{Path.GetFileName(passedOver[0])}'");
        }
        return [.. litter[false]];
    }

    /// <summary>What a folder has, in ordinal order.</summary>
    private static string[] Listed(string folder, Func<string[]> list)
    {
        try
        {
            return [.. list().Order(StringComparer.Ordinal)];
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                $"cannot list the folder '{folder}': {failed.Message.TrimEnd('.')}; check its access rights", failed);
        }
    }

    /// <summary>What systems leave in folders, and what would have to be waited for: pipes, sockets and devices.</summary>
    private static bool IsLitter(string file)
    {
        string name = Path.GetFileName(file);
        return name.StartsWith('.') || _litter.Contains(name, StringComparer.OrdinalIgnoreCase)
            || FileKinds.Of(file) == FileKind.Device;
    }

    private static List<string> FromList(string list)
    {
        string folder = Path.GetDirectoryName(list) ?? "";
        var images = new List<string>();
        foreach ((int number, string line) in TextLines.Read(list, (message, inner) => new DatasetException(message, inner)))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            string image = FindEntry(folder, line)
                ?? throw new DatasetException(
                    $"'{list}', line {number}: no such file '{TextLines.Shorten(Path.Combine(folder, FirstColumn(line)))}'; " +
                    "paths are relative to the list's folder");
            // It would be waited for, maybe for ever.
            if (FileKinds.Of(image) == FileKind.Device)
                throw new DatasetException($"'{list}', line {number}: '{TextLines.Shorten(image)}' is a pipe or a device; name a picture");
            images.Add(image);
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

    private static string FirstColumn(string line) =>
        line.Split(line.Contains('\t', StringComparison.Ordinal) ? '\t' : ' ', 2)[0].TrimEnd();

    private static bool HasExtension(string path, string[] extensions) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
