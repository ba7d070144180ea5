using SpGpu.Data;

namespace SpGpu.Training.Configuration;

/// <summary>Makes a <see cref="TrainingConfiguration"/> of a file and the pairs of a command line.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="path">A YAML file with the sections DATA, TRAIN, Distributed and TEST, none of them needed.</param>
    /// <param name="overrides">
    /// KEY=VALUE pairs that win over the file, the last one of a key over the others; an empty value gives the usual one.
    /// </param>
    /// <returns>The configuration and the keys that are known and have no effect.</returns>
    /// <exception cref="ConfigurationException">A key or a value is wrong; the message says where.</exception>
    public static (TrainingConfiguration Configuration, IReadOnlyList<string> WithoutEffect) Read(
        string path, params IEnumerable<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Apply(ConfigurationFile.Read(path), overrides, path);
    }

    /// <summary>Reads a configuration from a stream to its end; what the stream throws comes through.</summary>
    /// <param name="stream">The YAML, in a stream that need not seek and stays open.</param>
    /// <param name="name">What error messages call it.</param>
    /// <param name="overrides">KEY=VALUE pairs that win over the file, as above.</param>
    /// <returns>The configuration and the keys that are known and have no effect.</returns>
    /// <exception cref="ConfigurationException">A key or a value is wrong; the message says where.</exception>
    public static (TrainingConfiguration Configuration, IReadOnlyList<string> WithoutEffect) Read(
        Stream stream, string name, params IEnumerable<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return Apply(ConfigurationFile.Read(stream, name), overrides, name);
    }

    private static (TrainingConfiguration Configuration, IReadOnlyList<string> WithoutEffect) Apply(
        IReadOnlyList<SettingValue> values, IEnumerable<string> overrides, string path)
    {
        RefuseTwice(values);
        var configuration = new TrainingConfiguration();
        var idle = new List<string>();
        var given = new List<(Setting Setting, SettingValue Value)>();
        foreach (SettingValue value in values.Concat(overrides.Select(ConfigurationFile.Pair)))
        {
            RefuseUnknown(value);
            if (Settings.WithoutEffect.ContainsKey(value.Key))
                idle.Add(value.Key);
            else if (value.Words.Count == 0)
                given.RemoveAll(earlier => earlier.Value.Key == value.Key);
            else if (Settings.All.FirstOrDefault(setting => setting.Key == value.Key) is { } setting)
                given.Add((setting, value));
        }
        foreach ((Setting setting, SettingValue value) in given)
            configuration = setting.Apply(configuration, value);
        // Said to be false, it also wins over what the data set would have; only here is known which one that is.
        if (configuration is { LabelTransform: null, Dataset: "ade20k" } && given.Any(one => one.Value.Key == "reduce_zero_label"))
            configuration = configuration with { LabelTransform = "none" };
        Check(configuration, path);
        return (configuration, idle);
    }

    private static void RefuseTwice(IReadOnlyList<SettingValue> values)
    {
        foreach (IGrouping<string, SettingValue> key in values.GroupBy(value => value.Key))
        {
            if (key.ElementAtOrDefault(1) is { } second)
                throw new ConfigurationException($"{second.Where}: {second.Key} is given twice, first at {key.First().Where}; remove one");
        }
    }

    private static void RefuseUnknown(SettingValue value)
    {
        if (value.Section.Length > 0 && !Settings.Sections.Contains(value.Section))
            throw new ConfigurationException($"{value.Where}: unknown section '{value.Section}'{Advice(value.Section, Settings.Sections)}");
        if (!Settings.SectionOf.TryGetValue(value.Key, out string? section))
            throw new ConfigurationException($"{value.Where}: unknown key '{value.Key}'{Advice(value.Key, Settings.SectionOf.Keys)}");
        if (value.Section.Length > 0 && value.Section != section)
            throw new ConfigurationException(
                $"{value.Where}: {value.Key} stands in {value.Section} and belongs to {section}; move it there");
    }

    private static string Advice(string typed, IEnumerable<string> known) =>
        Suggestion.For(typed, known) is { Length: > 0 } nearest ? nearest : "; 'spgpu train --keys' lists all of them";

    private static void Check(TrainingConfiguration c, string path)
    {
        if (c.DataRoot.Length == 0)
            throw new ConfigurationException(
                $"'{path}': data_root is missing; name the folder of the pictures under DATA, or add data_root=FOLDER");
        if (c.Classes == 0)
            throw new ConfigurationException($"'{path}': classes is missing; give the number of classes under DATA, or add classes=N");
        if (c.Classes == 1)
            throw new ConfigurationException(
                $"'{path}': classes is 1, and a network that knows one class has nothing to learn; " +
                "give the rest of the picture a class too (0 for the rest, 1 for what is looked for, classes=2)");
        if (c.IgnoreLabel < c.Classes)
            throw new ConfigurationException(
                $"'{path}': ignore_label {c.IgnoreLabel} is one of the classes 0 to {c.Classes - 1}; " +
                $"give a label from {c.Classes} to 255, or label_transform=reduce_zero_label where 0 means 'other' and " +
                "classes are counted from 1");
        if (c.ScaleMin > c.ScaleMax)
            throw new ConfigurationException(
                $"'{path}': scale_min {Setting.Write(c.ScaleMin)} is above scale_max {Setting.Write(c.ScaleMax)}; exchange them");
        if (c.RotateMin > c.RotateMax)
            throw new ConfigurationException(
                $"'{path}': rotate_min {Setting.Write(c.RotateMin)} is above rotate_max {Setting.Write(c.RotateMax)}; exchange them");
        if (c.ClassWeights is { } weights && weights.Count != c.Classes)
            throw new ConfigurationException(
                $"'{path}': class_weights has {weights.Count} numbers for {c.Classes} classes; give one for each class");
        if (c.Names is { } names && names.Count != c.Classes)
            throw new ConfigurationException($"'{path}': names has {names.Count} for {c.Classes} classes; give one for each class");
        if (c.Colors is { } colours && colours.Count != c.Classes)
            throw new ConfigurationException($"'{path}': colors has {colours.Count} for {c.Classes} classes; give one for each class");
        if (c.Ohem && c.OhemThreshold == 0 && c.OhemMinKept == 0)
            throw new ConfigurationException(
                $"'{path}': ohem_thresh 0 and ohem_min_kept 0 leave no pixel to learn from; raise one of them");
        CheckBatch(c, "batch_size", c.BatchSize, 3, path);
        CheckBatch(c, "batch_size_val", c.BatchSizeVal, Math.Max(3, c.Classes), path);
        if (c.ValList is not null && c.ValRoot is not null)
            throw new ConfigurationException($"'{path}': val_list and val_root are both given; keep the one that is meant");
    }

    /// <summary>Refuses at the start what would end a run when such a batch comes, perhaps after an epoch.</summary>
    /// <param name="c">Has the crop.</param>
    /// <param name="key">The key of the batch.</param>
    /// <param name="pictures">The pictures in a batch.</param>
    /// <param name="channels">The most numbers for a pixel.</param>
    /// <param name="path">The file.</param>
    private static void CheckBatch(TrainingConfiguration c, string key, int pictures, int channels, string path)
    {
        if ((long)c.TrainWidth * c.TrainHeight > RgbImage.MaxPixels)
            throw new ConfigurationException(
                $"'{path}': train_w {c.TrainWidth} x train_h {c.TrainHeight} is above the limit of {RgbImage.MaxPixels / 1_000_000} " +
                "megapixels for a picture; choose a smaller crop");
        if ((Int128)pictures * channels * c.TrainWidth * c.TrainHeight > Array.MaxLength)
            throw new ConfigurationException(
                $"'{path}': {key} {pictures} with crops of {c.TrainWidth} x {c.TrainHeight} and {c.Classes} classes is more than a batch " +
                $"can hold; choose a smaller {key} or crop");
    }
}
