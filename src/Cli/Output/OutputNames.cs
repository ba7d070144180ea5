using System.Globalization;

namespace SpGpu.Cli.Output;

/// <summary>
/// Names for results: that of the picture without its extension; where this would make two results one, or replace a
/// file that is read, with -2, -3 and so on behind it, in the order of the pictures.
/// </summary>
internal sealed class OutputNames
{
    // The last one stands in for the second where a picture is too long for a JPEG.
    private static readonly string[] _endings = [".png", ".overlay.jpg", ".json", ".overlay.png"];

    private static readonly int _longestEnding = _endings.Max(ending => ending.Length);

    private readonly string _folder;
    private readonly FileSet _taken;
    private readonly Dictionary<string, int> _next = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="folder">Where the results go.</param>
    /// <param name="inputs">Every file that is read.</param>
    public OutputNames(string folder, IEnumerable<string> inputs)
    {
        _folder = folder;
        _taken = new FileSet(inputs);
    }

    /// <summary>The paths for a picture; no later picture gets any of them.</summary>
    public PictureFiles Take(string picture)
    {
        string stem = Path.GetFileNameWithoutExtension(picture);
        // On Windows con.png would be the console.
        if (OperatingSystem.IsWindows() && FileNames.IsReserved(stem))
            stem = '_' + stem;
        stem = FileNames.Cut(stem, _longestEnding);
        string name = stem;
        // From where the last one of that name ended: many folders may have one each.
        int next = _next.GetValueOrDefault(stem, 1);
        if (next > 1)
            name = Numbered(next);
        while (!TryTake(name))
            name = Numbered(++next);
        _next[stem] = next + 1;
        string[] paths = Paths(name);
        return new PictureFiles(paths[0], paths[1], paths[2]);

        string Numbered(int number)
        {
            string behind = string.Create(CultureInfo.InvariantCulture, $"-{number}");
            return FileNames.Cut(stem, behind.Length + _longestEnding) + behind;
        }
    }

    private bool TryTake(string name)
    {
        FileIdentity[] files = [.. Paths(name).Select(FileIdentity.Of)];
        if (files.Any(_taken.Holds))
            return false;
        Array.ForEach(files, _taken.AddPlace);
        return true;
    }

    private string[] Paths(string name) => [.. _endings.Select(ending => Path.Combine(_folder, name + ending))];
}
