using SpGpu.Data.Datasets;
using SpGpu.Data.Transforms;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>The pictures of a run.</summary>
/// <param name="Dataset">The training samples.</param>
/// <param name="Train">Reads them, shuffled and augmented.</param>
/// <param name="Validation">
/// Reads the validation samples, centre crops in their order, or this process's part of them; null where there are none.
/// </param>
/// <param name="ValidationSamples">The validation samples of all processes.</param>
internal sealed record TrainingData(
    SegmentationDataset Dataset, BatchLoader Train, BatchLoader? Validation, IReadOnlyList<Sample> ValidationSamples)
{
    /// <summary>The files of the training samples.</summary>
    public IReadOnlyList<Sample> Samples => Dataset.Samples;

    /// <summary>Finds the pictures that a configuration names.</summary>
    /// <param name="c">The configuration.</param>
    /// <param name="print">Takes a line about files of folders that are passed over.</param>
    /// <param name="group">The processes that share the pictures out.</param>
    /// <exception cref="DatasetException">A list or a folder cannot be used.</exception>
    public static TrainingData Open(TrainingConfiguration c, Action<string> print, IProcessGroup? group = null)
    {
        LabelTransform stored = (c.LabelTransform, c.Dataset) switch
        {
            ("reduce_zero_label", _) or (null, "ade20k") => LabelTransform.ReduceZeroLabel,
            ("cityscapes", _) or (null, "cityscapes") => LabelTransform.Cityscapes,
            _ => LabelTransform.None,
        };
        LabelTransform labels = stored.Ignoring((byte)c.IgnoreLabel);
        var train = new SegmentationDataset(
            c.TrainList is null ? FolderOrList(c.DataRoot, print) : SampleList.Read(c.TrainList, c.DataRoot), c.Classes, labels);
        var augmentation = new TrainAugmentation
        {
            CropWidth = c.TrainWidth,
            CropHeight = c.TrainHeight,
            ScaleMin = c.ScaleMin,
            ScaleMax = c.ScaleMax,
            RotateMin = c.RotateMin,
            RotateMax = c.RotateMax,
            Blurs = c.Blur,
            ColorJitter = c.ColorJitter,
        };
        var options = new LoaderOptions
        {
            BatchSize = c.BatchSize,
            Part = (group?.Rank ?? 0, group.Processes()),
            Seed = (ulong)c.Seed,
            Workers = c.Workers,
            KeptBytes = KeptBytes(group),
            ReusesBatches = true,
        };
        IReadOnlyList<Sample> validation = !c.Evaluate ? []
            : c.ValList is not null ? SampleList.Read(c.ValList, c.DataRoot)
            : c.ValRoot is not null ? FolderOrList(c.ValRoot, print)
            : [];
        // Whole batches, one after another, so that those of all processes are those of one.
        int share = (validation.Count + c.BatchSizeVal - 1) / c.BatchSizeVal;
        share = (share + group.Processes() - 1) / group.Processes() * c.BatchSizeVal;
        Sample[] mine = [.. validation.Skip((group?.Rank ?? 0) * share).Take(share)];
        return new TrainingData(
            train, new BatchLoader(train, augmentation, options),
            mine.Length > 0 ? OpenValidation(c, mine, labels, group) : null, validation);
    }

    /// <summary>Keeps a run out of the folders of its pictures, where its own would be among them or replace them.</summary>
    /// <param name="folder">The run folder; it need not exist.</param>
    /// <exception cref="ConfigurationException">Pictures or labels are in it.</exception>
    public void ThrowIfIn(string folder)
    {
        FileIdentity run = FileIdentity.Of(folder);
        IEnumerable<string> folders = Samples.Concat(ValidationSamples)
            .SelectMany(sample => new[] { sample.Image, sample.Label }).OfType<string>()
            .Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (folders.Distinct().Any(pictures => FileIdentity.Of(pictures).IsThatOf(run)))
            throw new ConfigurationException($"'{folder}' holds the pictures or labels of the run; name another folder with --out");
    }

    /// <summary>
    /// For the pictures of training and for those of validation: decoding takes longer than all the rest, and small data sets
    /// fit into an eighth of the memory, which the processes of a machine share.
    /// </summary>
    private static long KeptBytes(IProcessGroup? group) => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8 / group.Processes();

    /// <summary>The samples of a folder, or of a list whose paths start from its own folder.</summary>
    private static IReadOnlyList<Sample> FolderOrList(string path, Action<string> print) => File.Exists(path)
        ? SampleList.Read(path, Path.GetDirectoryName(Path.Combine(Environment.CurrentDirectory, path))!)
        : SampleFolder.Read(path, note: print);

    private static BatchLoader OpenValidation(
        TrainingConfiguration c, IReadOnlyList<Sample> samples, LabelTransform labels, IProcessGroup? group)
    {
        var options = new LoaderOptions
        {
            BatchSize = c.BatchSizeVal,
            Shuffle = false,
            DropLast = false,
            Workers = c.Workers,
            KeptBytes = KeptBytes(group),
            ReusesBatches = true,
        };
        return new BatchLoader(new SegmentationDataset(samples, c.Classes, labels), new CentreCrop(c.TrainWidth, c.TrainHeight), options);
    }
}
