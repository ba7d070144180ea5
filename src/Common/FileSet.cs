namespace SpGpu;

/// <summary>Files, of which it is told whether a path leads to one of them, as <see cref="FileIdentity"/> tells it of two.</summary>
internal sealed class FileSet
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <param name="paths">The files; they need not exist.</param>
    public FileSet(IEnumerable<string> paths)
    {
        foreach (FileIdentity file in paths.Select(FileIdentity.Of))
        {
            _known.Add(file.Place);
            if (file.Number is { } number)
                _known.Add(number);
        }
    }

    /// <summary>Whether it is one of them.</summary>
    public bool Holds(FileIdentity file) => _known.Contains(file.Place) || (file.Number is { } number && _known.Contains(number));

    /// <summary>Adds a file by its place alone: its number changes when it is replaced.</summary>
    public void AddPlace(FileIdentity file) => _known.Add(file.Place);
}
