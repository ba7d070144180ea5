using System.Globalization;

namespace SpGpu.Cli.Output;

/// <summary>
/// Names for results: that of the picture without its extension; where this would make two results one, or replace a
/// file that is read, with -2, -3 and so on behind it, in the order of the pictures.
/// </summary>
internal sealed class OutputNames
{
    private static readonly string[] _endings = [".png", ".overlay.jpg", ".json"];

    private readonly string _folder;
    private readonly HashSet<string> _taken;

    /// <param name="folder">Where the results go.</param>
    /// <param name="inputs">Every file that is read.</param>
    public OutputNames(string folder, IEnumerable<string> inputs)
    {
        _folder = folder;
        _taken = inputs.Select(RealPath.Of).ToHashSet(RealPath.Comparer);
    }

    /// <summary>The paths for a picture; no later picture gets any of them.</summary>
    public PictureFiles Take(string picture)
    {
        string stem = Path.GetFileNameWithoutExtension(picture);
        string name = stem;
        for (int number = 2; !TryTake(name); number++)
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
        string[] paths = Paths(name);
        return new PictureFiles(paths[0], paths[1], paths[2]);
    }

    private bool TryTake(string name)
    {
        string[] real = [.. Paths(name).Select(RealPath.Of)];
        if (real.Any(_taken.Contains))
            return false;
        _taken.UnionWith(real);
        return true;
    }

    private string[] Paths(string name) => [.. _endings.Select(ending => Path.Combine(_folder, name + ending))];
}
