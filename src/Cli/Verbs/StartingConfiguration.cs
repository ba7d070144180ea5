using System.Text;

namespace SpGpu.Cli.Verbs;

/// <summary>The configurations that come with the tool, for a first one of one's own.</summary>
internal static class StartingConfiguration
{
    // Names as people type them, and the files of config/ within the tool.
    private static readonly Dictionary<string, string> _files = new(StringComparer.Ordinal)
    {
        ["folder"] = "folder.yaml",
        ["camvid"] = "camvid.yaml",
        ["streets"] = "streets.yaml",
        ["ade20k"] = "ade20k_spnet50.yaml",
        ["cityscapes"] = "cityscapes_spnet101.yaml",
    };

    public static string[] Names => [.. _files.Keys];

    /// <summary>Writes one, under whose name its own comments call it.</summary>
    /// <exception cref="OutputException">There is a file already, or it cannot be written.</exception>
    public static void Write(string name, string path)
    {
        if (Path.Exists(path))
            throw new OutputException($"'{path}' is there already, and may be edited; give another name, or remove it");
        string text = Resource.Text(_files[name]).Replace($"config/{_files[name]}", path, StringComparison.Ordinal);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
