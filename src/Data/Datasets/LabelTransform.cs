namespace SpGpu.Data.Datasets;

/// <summary>Turns the values of label files into the labels that a network is trained on, by a table.</summary>
public sealed class LabelTransform
{
    private readonly byte[] _table;

    private LabelTransform(string name, Func<int, int> rule)
    {
        Name = name;
        _table = [.. Enumerable.Range(0, 256).Select(value => (byte)rule(value))];
    }

    /// <summary>This one with another label that is ignored, besides <see cref="LabelMap.Ignore"/>.</summary>
    /// <param name="label">The label, as this transform gives it: 11 for the void of CamVid.</param>
    public LabelTransform Ignoring(byte label) => label == LabelMap.Ignore
        ? this
        : new LabelTransform(Name, value => _table[value] == label ? LabelMap.Ignore : _table[value]);

    /// <summary>Values are labels already.</summary>
    public static LabelTransform None { get; } = new("none", value => value);

    /// <summary>ADE20K: 0, "other", and 255 become 255 (ignored); every other value becomes one less.</summary>
    public static LabelTransform ReduceZeroLabel { get; } =
        new("reduce_zero_label", value => value is 0 or LabelMap.Ignore ? LabelMap.Ignore : value - 1);

    /// <summary>
    /// Cityscapes labelIds to the 19 trainIds; ids of no class become 255 (ignored). Values from 34 to 254 are no
    /// ids: they stay, which makes them errors where labels are checked.
    /// </summary>
    public static LabelTransform Cityscapes { get; } = new("cityscapes", value => value switch
    {
        7 => 0, // road
        8 => 1, // sidewalk
        11 => 2, // building
        12 => 3, // wall
        13 => 4, // fence
        17 => 5, // pole
        19 => 6, // traffic light
        20 => 7, // traffic sign
        21 => 8, // vegetation
        22 => 9, // terrain
        23 => 10, // sky
        24 => 11, // person
        25 => 12, // rider
        26 => 13, // car
        27 => 14, // truck
        28 => 15, // bus
        31 => 16, // train
        32 => 17, // motorcycle
        33 => 18, // bicycle
        < 34 => LabelMap.Ignore,
        _ => value,
    });

    /// <summary>What configurations and messages call it: none, reduce_zero_label or cityscapes.</summary>
    public string Name { get; }

    /// <summary>The label that a value of a file becomes.</summary>
    public byte this[byte value] => _table[value];

    /// <summary>The labels of a file's values, each of them a class or <see cref="LabelMap.Ignore"/>.</summary>
    /// <param name="values">What the file has.</param>
    /// <param name="classes">The number of classes, 1 to 255.</param>
    /// <param name="name">What the error message calls the file.</param>
    /// <exception cref="DatasetException">A value becomes neither a class nor <see cref="LabelMap.Ignore"/>.</exception>
    public LabelMap Apply(LabelMap values, int classes, string name)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, LabelMap.Ignore);
        byte[] labels = new byte[values.Labels.Length];
        long[] counts = new long[256];
        for (int i = 0; i < labels.Length; i++)
        {
            byte value = values.Labels[i];
            counts[value]++;
            labels[i] = _table[value];
        }
        int[] wrong =
            [.. Enumerable.Range(0, 256).Where(value => counts[value] > 0 && _table[value] >= classes && _table[value] != LabelMap.Ignore)];
        if (wrong.Length > 0)
            throw new DatasetException(Refusal(name, wrong, counts, classes));
        return new LabelMap(labels, values.Width, values.Height);
    }

    private string Refusal(string name, int[] wrong, long[] counts, int classes)
    {
        string others = wrong.Length switch { 1 => "", 2 => " and 1 other value", _ => $" and {wrong.Length - 1} other values" };
        string becomes = _table[wrong[0]] == wrong[0] ? "" : $" (label {_table[wrong[0]]} after {Name})";
        return $"'{name}': value {wrong[0]}{becomes} in {counts[wrong[0]]} of {counts.Sum()} pixels{others}, where " +
            $"labels go from 0 to {classes - 1} "
            + $"and {LabelMap.Ignore} is ignored; {Remedy(wrong, classes)}";
    }

    /// <summary>Whether it is that one, whatever more it ignores.</summary>
    internal bool Is(LabelTransform other) => Name == other.Name;

    /// <summary>For messages: its name, and how the tool is told of it.</summary>
    internal const string ReducedChoice = "reduce_zero_label (with spgpu --labels ade20k, where it trains reduce_zero_label=true)";

    /// <summary>The most likely reason, told by which values there are.</summary>
    /// <param name="wrong">The values of no class, at least one, ascending.</param>
    /// <param name="classes">The number of classes.</param>
    internal string Remedy(int[] wrong, int classes)
    {
        if (Is(Cityscapes))
            return "these are not Cityscapes labelIds: use the *_labelIds.png files";
        if (Is(None) && classes == 19 && wrong[^1] <= 33)
            return "if these are Cityscapes labelIds, choose the label transform cityscapes";
        if (Is(None) && wrong is [int last] && last == classes)
            return $"if 0 means 'other' and classes are counted from 1, choose the label transform {ReducedChoice}; " +
                $"if {last} means 'ignore', give it as ignore_label; else check the number of classes";
        if (wrong.Length == 1)
            return $"if it means 'ignore', give {_table[wrong[0]]} as ignore_label, or store {LabelMap.Ignore} instead; " +
                "else check the number of classes (and reduce_zero_label)";
        return "pixel values must be class indices: check the number of classes, and that the file is no grey " +
            "picture of the palette's colours";
    }
}
