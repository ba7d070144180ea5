namespace SpGpu.Cli.PublicWeights;

/// <summary>A trained network that can be downloaded.</summary>
/// <param name="Name">What it is called here: <c>ddrnet23-slim-cityscapes</c>.</param>
/// <param name="Source">Who published it.</param>
/// <param name="DataSet">What it was trained on.</param>
/// <param name="Classes">The classes that it tells apart.</param>
/// <param name="Score">The mean IoU that was published with it, in percent.</param>
/// <param name="Bytes">The size of the file, or that of its tensors where the file's own is not published.</param>
/// <param name="Path">Where the file lies, from the publisher's root on.</param>
internal sealed record PublicModel(string Name, Publisher Source, DataSet DataSet, int Classes, double Score, long Bytes, string Path)
{
    private const string Extension = ".pth";
    private const int DigitCount = 8;

    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The first digits of the file's SHA-256, with which its name ends.</summary>
    public string Digits => FileName[^(DigitCount + Extension.Length)..^Extension.Length];
}

/// <summary>Who published networks, under which licence of the code.</summary>
internal sealed record Publisher(string Name, string Licence, string Root);

/// <summary>A data set, and on what terms its owners give it away.</summary>
internal sealed record DataSet(string Name, string Terms);
