namespace SpGpu.Data.Datasets.Checks;

/// <summary>What a look at one sample shows.</summary>
internal sealed class SampleFinding
{
    private readonly List<(DatasetFault Fault, string Message)> _faults = [];

    /// <summary>Reads both files of a sample. Nothing that is in them makes it fail.</summary>
    public SampleFinding(Sample sample)
    {
        Sample = sample;
        if (Read(sample.Image, path => RgbImage.Read(path, warn: message => Warning = message)) is { } image)
            Size = (image.Width, image.Height);
        if (Read(sample.Label!, LabelMap.Read) is not { } labels)
            return;
        Values = new long[256];
        foreach (byte value in labels.Labels)
            Values[value]++;
        if (Size is { } size && size != (labels.Width, labels.Height))
            _faults.Add((DatasetFault.Size, Difference(size, (labels.Width, labels.Height))));
    }

    /// <summary>The files.</summary>
    public Sample Sample { get; }

    /// <summary>The picture's size, turned as EXIF says; null if it cannot be read.</summary>
    public (int Width, int Height)? Size { get; }

    /// <summary>What is wrong with the picture though it can be read; null if nothing is.</summary>
    public string? Warning { get; private set; }

    /// <summary>How many pixels of the label file have each value; null if it cannot be read.</summary>
    public long[]? Values { get; }

    /// <summary>What is wrong with the files, apart from values.</summary>
    public IReadOnlyList<(DatasetFault Fault, string Message)> Faults => _faults;

    private T? Read<T>(string path, Func<string, T> read) where T : class
    {
        try
        {
            return read(path);
        }
        catch (SpGpuException refused)
        {
            _faults.Add((DatasetFault.Unreadable, refused.Message));
        }
        catch (Exception unforeseen)
        {
            string message = unforeseen.Message.ReplaceLineEndings(" ").TrimEnd('.');
            _faults.Add((DatasetFault.Unreadable, $"cannot read '{path}': {message}; check the file and the memory left"));
        }
        return null;
    }

    private string Difference((int Width, int Height) image, (int Width, int Height) labels)
    {
        string sizes =
            $"'{Sample.Label}' has {labels.Width} x {labels.Height} pixels and its picture '{Sample.Image}' {image.Width} x {image.Height}";
        if (image == (labels.Height, labels.Width) && RgbImage.Read(Sample.Image, orient: false).Width == labels.Width)
            return $"{sizes} once it is turned as its EXIF data says; turn the labels too, or remove the EXIF orientation";
        return $"{sizes}; make them the same size, labels by the nearest pixel";
    }
}
