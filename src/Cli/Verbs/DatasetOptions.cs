using System.CommandLine;
using SpGpu.Cli.Usage;
using SpGpu.Data.Datasets;

namespace SpGpu.Cli.Verbs;

/// <summary>The options that name pictures with labels: a folder, or a list file and where its paths start.</summary>
internal sealed class DatasetOptions
{
    private readonly Option<string> _list = Options.File("--list", "A list file instead of a folder: 'image annotation' a line");

    private readonly Option<string> _root = new("--root")
    {
        Description = "The folder that the paths of the list start from; by default that of the list",
        HelpName = "DIR",
    };

    // The names that messages use are taken, too.
    private readonly Option<string> _labels = Options.Choice(
        "--labels", "What label files hold: classes (identity), 0 for other and then the classes (ade20k), or labelIds (cityscapes)",
        ["identity", "ade20k", "cityscapes"], LabelTransform.None.Name, LabelTransform.ReduceZeroLabel.Name);

    private readonly Option<int> _ignored = Options.Number(
        "--ignore-label", "The label of pixels that do not count, besides 255", 0, 255);

    public DatasetOptions() => _labels.DefaultValueFactory = _ => "identity";

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_list, _root, _labels, _ignored])
            command.Options.Add(option);
    }

    /// <summary>What turns the values of label files into labels.</summary>
    /// <exception cref="ConfigurationException">What is ignored is no label.</exception>
    public LabelTransform Transform(ParseResult parsed)
    {
        LabelTransform stored = parsed.GetRequiredValue(_labels) switch
        {
            "ade20k" or "reduce_zero_label" => LabelTransform.ReduceZeroLabel,
            "cityscapes" => LabelTransform.Cityscapes,
            _ => LabelTransform.None,
        };
        int ignored = parsed.GetValue(_ignored);
        return ignored <= byte.MaxValue
            ? stored.Ignoring((byte)ignored)
            : throw new ConfigurationException($"--ignore-label {ignored}; a label is a byte, give 0 to 255");
    }

    /// <summary>The list file, if one is given.</summary>
    public string? List(ParseResult parsed) => parsed.GetValue(_list);

    /// <summary>The samples that are named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">The folder with images/ and labels/, if one is given.</param>
    /// <param name="folderName">How the folder is given: <c>--data DIR</c>.</param>
    /// <param name="refuse">Takes what is wrong with single samples; null ends with the first.</param>
    /// <param name="note">Takes a line about files of the folder that are passed over.</param>
    /// <exception cref="ConfigurationException">Neither a folder nor a list is given, or both.</exception>
    /// <exception cref="DatasetException">It cannot be used.</exception>
    public IReadOnlyList<Sample> Samples(
        ParseResult parsed, string? folder, string folderName, Action<string>? refuse = null, Action<string>? note = null)
    {
        string? list = parsed.GetValue(_list), root = parsed.GetValue(_root);
        if ((folder is null) == (list is null))
            throw new ConfigurationException(
                $"{(folder is null ? "no pictures" : "a folder and a list")}; give {folderName} or --list FILE");
        if (list is null && root is not null)
            throw new ConfigurationException("--root belongs to a list; give --list FILE or leave it out");
        return list is null
            ? SampleFolder.Read(folder!, refuse, note)
            : SampleList.Read(list, root ?? Path.GetDirectoryName(Path.Combine(Environment.CurrentDirectory, list))!, refuse: refuse);
    }
}
