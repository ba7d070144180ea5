namespace SpGpu.Data.Datasets;

/// <summary>Reads list files in the form that the official training code uses.</summary>
public static class SampleList
{
    /// <summary>
    /// The samples of a list, in its order: <c>image annotation</c> a line, paths relative to the data root.
    /// The columns are parted by a tab, which lets names have spaces, or by one space. Empty lines and lines that
    /// start with # are skipped; a line that stands twice gives two samples.
    /// </summary>
    /// <param name="list">A text file in UTF-8, with or without byte order mark, any line ends.</param>
    /// <param name="root">The folder that the paths start from; absolute paths stay as they are.</param>
    /// <param name="labelled">Whether lines have two columns; false for test lists, which have the picture alone.</param>
    /// <param name="refuse">Takes what is wrong with each line that names no sample; null makes it an error.</param>
    /// <exception cref="DatasetException">
    /// The list cannot be read, has no samples, or a line has other columns or names a file that does not exist.
    /// </exception>
    public static IReadOnlyList<Sample> Read(string list, string root, bool labelled = true, Action<string>? refuse = null)
    {
        ArgumentNullException.ThrowIfNull(list);
        ThrowIfNoFolder(root, list);
        return Parse(TextLines.Read(list, Error), list, root, labelled, refuse);
    }

    /// <summary>Reads such a list from a stream to its end; what the stream throws comes through.</summary>
    /// <param name="stream">The stream, which need not seek and stays open.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="root">The folder that the paths start from; absolute paths stay as they are.</param>
    /// <param name="labelled">Whether lines have two columns; false for test lists, which have the picture alone.</param>
    /// <param name="refuse">Takes what is wrong with each line that names no sample; null makes it an error.</param>
    /// <exception cref="DatasetException">As for a file.</exception>
    public static IReadOnlyList<Sample> Read(
        Stream stream, string name, string root, bool labelled = true, Action<string>? refuse = null)
    {
        ThrowIfNoFolder(root, name);
        return Parse(TextLines.Read(stream, name, Error), name, root, labelled, refuse);
    }

    private static DatasetException Error(string message, Exception? inner) => new(message, inner);

    private static void ThrowIfNoFolder(string root, string list)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (!Directory.Exists(root))
            throw new DatasetException($"the data root '{root}' is no folder; name the folder that the paths of '{list}' start from");
    }

    private static List<Sample> Parse(
        IEnumerable<(int Number, string Text)> lines, string list, string root, bool labelled, Action<string>? refuse)
    {
        var samples = new List<Sample>();
        int named = 0;
        foreach ((int number, string line) in lines)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            named++;
            try
            {
                samples.Add(Parse(line, root, labelled, $"'{list}', line {number}"));
            }
            catch (DatasetException wrong) when (refuse is not null)
            {
                refuse(wrong.Message);
            }
        }
        return named > 0
            ? samples
            : throw new DatasetException($"the list '{list}' has no samples; write '{(labelled ? "image annotation" : "image")}' a line");
    }

    private static Sample Parse(string line, string root, bool labelled, string where)
    {
        string[] paths = [.. Columns(line, labelled, where).Select(column => Path.Combine(root, column))];
        foreach (string path in paths)
        {
            if (!File.Exists(path))
                throw new DatasetException(
                    $"{where}: no such file '{TextLines.Shorten(path)}'; paths are relative to the data root '{root}'");
            // It would be waited for, maybe for ever.
            if (FileKinds.Of(path) == FileKind.Device)
                throw new DatasetException($"{where}: '{TextLines.Shorten(path)}' is a pipe or a device; name a picture or its labels");
        }
        return new Sample(paths[0], labelled ? paths[1] : null);
    }

    private static string[] Columns(string line, bool labelled, string where)
    {
        char separator = line.Contains('\t', StringComparison.Ordinal) ? '\t' : ' ';
        // A test list has one column, so without a tab the spaces can only belong to the name.
        if (!labelled && separator == ' ')
            return [line];
        string[] columns = line.Split(separator, StringSplitOptions.TrimEntries);
        if (columns.Length == (labelled ? 2 : 1) && columns.All(column => column.Length > 0))
            return columns;
        throw new DatasetException((labelled, separator) switch
        {
            (false, _) =>
                $"{where}: {columns.Length} columns where a test list has the picture alone; " +
                "remove the others or read it as a labelled list",
            (true, _) when columns.Length == 1 =>
                $"{where}: one column where a picture and its labels are needed; write 'image annotation'",
            (true, '\t') => $"{where}: not two columns; write the picture, one tab and its labels",
            _ => $"{where}: more than one space, so where the picture's name ends is not clear; part the columns by a tab",
        });
    }
}
