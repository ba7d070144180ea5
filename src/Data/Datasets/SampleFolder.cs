namespace SpGpu.Data.Datasets;

/// <summary>Finds the samples of a folder that has a picture and a PNG of labels for each name.</summary>
public static class SampleFolder
{
    private const int Named = 3;

    /// <summary>
    /// The pictures of <c>images/</c>, in ordinal order, each with the file of the same name and extension .png in
    /// <c>labels/</c>. A folder without <c>images/</c> may have the pictures itself and the labels in one beside it that
    /// is called like it with <c>annot</c> at the end, as the CamVid archive has <c>train</c> and <c>trainannot</c>.
    /// Folders below these are left out.
    /// </summary>
    /// <param name="folder">The folder that has <c>images/</c> and <c>labels/</c>, or the pictures.</param>
    /// <param name="refuse">
    /// Takes what is wrong with each file that fits no other, a message a file; null makes it an error.
    /// </param>
    /// <param name="note">Takes a line about files that are passed over, as for <see cref="ImageList.Expand"/>.</param>
    /// <exception cref="DatasetException">
    /// One of the two is missing or empty, pictures share a name, or a picture or its labels lack the partner.
    /// </exception>
    public static IReadOnlyList<Sample> Read(string folder, Action<string>? refuse = null, Action<string>? note = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        (string imageFolder, string labelFolder) = Parts(folder);
        foreach (string part in new[] { imageFolder, labelFolder })
        {
            if (!Directory.Exists(part))
                throw new DatasetException(
                    $"'{part}' is no folder; put pictures into images/ and label PNGs of the same names into labels/, " +
                    $"or labels into '{Beside(folder)}' where the pictures lie in '{folder}' itself");
        }

        IReadOnlyList<string> images = ImageList.Expand([imageFolder], note);
        ILookup<bool, string> labelFiles = ImageList.Expand([labelFolder], note).ToLookup(IsPng);
        Dictionary<string, string> labels = ByName(labelFiles[true], refuse);
        Dictionary<string, string> byName = ByName(images, refuse);
        // A file that is there, but in a format that changes labels, is the likely reason.
        Dictionary<string, string> others = labelFiles[false].GroupBy(Name, StringComparer.Ordinal)
            .ToDictionary(files => files.Key, files => files.First(), StringComparer.Ordinal);
        RefuseMissing(images.Where(image => !labels.ContainsKey(Name(image))), $"without labels in '{labelFolder}' (same name, .png)",
            others, refuse);
        RefuseMissing(labels.Values.Where(label => !byName.ContainsKey(Name(label))), $"without a picture in '{imageFolder}'", [], refuse);
        return [.. byName.Values.Where(image => labels.ContainsKey(Name(image))).Select(image => new Sample(image, labels[Name(image)]))];
    }

    private static (string Images, string Labels) Parts(string folder)
    {
        string images = Path.Combine(folder, "images");
        return Directory.Exists(images) || !Directory.Exists(Beside(folder))
            ? (images, Path.Combine(folder, "labels"))
            : (folder, Beside(folder));
    }

    private static string Beside(string folder) => $"{Path.TrimEndingDirectorySeparator(folder)}annot";

    private static Dictionary<string, string> ByName(IEnumerable<string> files, Action<string>? refuse)
    {
        var byName = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            if (byName.TryAdd(Name(file), file))
                continue;
            string message = $"'{byName[Name(file)]}' and '{file}' share a name, so their labels would be the same; rename one";
            if (refuse is null)
                throw new DatasetException(message);
            refuse(message);
        }
        return byName;
    }

    private static void RefuseMissing(IEnumerable<string> lonely, string what, Dictionary<string, string> others, Action<string>? refuse)
    {
        string[] all = [.. lonely.Order(StringComparer.Ordinal)];
        foreach (string file in refuse is null ? [] : all)
            refuse!($"'{file}' is {what}; {Remedy(others.GetValueOrDefault(Name(file))) ?? "add the partner or take it away"}");
        if (all.Length == 0 || refuse is not null)
            return;
        string names = string.Join(", ", all.Take(Named).Select(file => $"'{Path.GetFileName(file)}'"));
        string more = all.Length > Named ? $" and {all.Length - Named} more" : "";
        string? other = all.Select(file => others.GetValueOrDefault(Name(file))).FirstOrDefault(file => file is not null);
        throw new DatasetException($"files {what}: {names}{more}; {Remedy(other) ?? "add the partners or take the files away"}");
    }

    private static string? Remedy(string? other) => other is null ? null
        : $"label maps must be PNG, other formats change their values: save '{other}' anew as PNG, from what it was made of";

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private static bool IsPng(string file) => Path.GetExtension(file).Equals(".png", StringComparison.OrdinalIgnoreCase);
}
