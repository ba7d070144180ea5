using System.Text;
using SpGpu.Data;

namespace SpGpu.Training;

/// <summary>Where a run keeps what it makes.</summary>
internal sealed class RunFolder
{
    private readonly string _path;

    private RunFolder(string path)
    {
        _path = path;
    }

    /// <summary>The last checkpoint.</summary>
    public string Last => File("last.safetensors");

    /// <summary>The checkpoint with the best validation score.</summary>
    public string Best => File("best.safetensors");

    /// <summary>Makes the folder if need be.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="goOn">Whether a run that is there is meant to go on.</param>
    /// <exception cref="OutputException">It cannot be made, or holds a run that this one would replace.</exception>
    public static RunFolder Open(string path, bool goOn)
    {
        var folder = new RunFolder(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new OutputException($"cannot make or write the folder '{path}': {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}; name another one with --out", error);
        }
        if (!goOn && System.IO.File.Exists(folder.Last))
            throw new OutputException($"'{path}' holds a run already; go on with it by --resume auto, or name another folder with --out");
        return folder;
    }

    /// <summary>The path of a file.</summary>
    public string File(string name) => Path.Combine(_path, name);

    /// <summary>Writes a text as a whole.</summary>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public void Write(string name, string text) => AtomicFile.Write(File(name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes the samples of an epoch over those of the epoch before.</summary>
    /// <exception cref="OutputException">A picture cannot be written.</exception>
    public void Write(IReadOnlyList<SamplePicture> samples, Palette palette)
    {
        for (int i = 0; i < samples.Count; i++)
            samples[i].SideBySide(palette).Write(File($"sample-{i + 1}.jpg"));
    }
}
