namespace SpGpu.Data.Metrics;

/// <summary>Counts how often each class was predicted where each class was right, over any number of pictures.</summary>
public sealed class ConfusionMatrix
{
    /// <summary>Pixels that a thread counts at once.</summary>
    private const int Chunk = 1 << 17;

    // Row: label; column: prediction.
    private readonly long[] _counts;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="classes">The number of classes, 1 to 255.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, LabelMap.Ignore);
        Classes = classes;
        _counts = new long[classes * classes];
    }

    /// <summary>Goes on from counts that were taken before.</summary>
    /// <param name="classes">The number of classes, 1 to 255.</param>
    /// <param name="counts">For each label and prediction, prediction fastest, how many pixels; copied.</param>
    /// <exception cref="ArgumentException">There are not classes x classes counts, or one is negative.</exception>
    public ConfusionMatrix(int classes, ReadOnlySpan<long> counts) : this(classes)
    {
        if (counts.Length != _counts.Length || counts.IndexOfAnyInRange(long.MinValue, -1) >= 0)
            throw new ArgumentException($"{counts.Length} counts for {classes} classes; give {_counts.Length}, none negative",
                nameof(counts));
        counts.CopyTo(_counts);
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>In how many pixels of class <paramref name="label"/> the prediction was <paramref name="prediction"/>.</summary>
    public long this[int label, int prediction]
    {
        get
        {
            CheckClass(label, nameof(label));
            CheckClass(prediction, nameof(prediction));
            return _counts[label * Classes + prediction];
        }
    }

    /// <summary>
    /// Counts the pixels of a picture or a batch. Where the label is <see cref="LabelMap.Ignore"/>, nothing counts.
    /// </summary>
    /// <param name="labels">What is right: classes or <see cref="LabelMap.Ignore"/>.</param>
    /// <param name="predictions">As many classes, in the same order.</param>
    /// <exception cref="ArgumentException">The numbers of pixels differ.</exception>
    /// <exception cref="ImageException">
    /// A label or, where it counts, a prediction is of no class; the matrix is then as before.
    /// </exception>
    public void Add(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> predictions)
    {
        if (labels.Length != predictions.Length)
            throw new ArgumentException($"{predictions.Length} predictions for {labels.Length} labels", nameof(predictions));
        // Mostly neither has any value that would have to be looked at in its place.
        if (labels.IndexOfAnyInRange((byte)Classes, (byte)(LabelMap.Ignore - 1)) >= 0
            || predictions.IndexOfAnyInRange((byte)Classes, byte.MaxValue) >= 0)
            Check(labels, predictions);
        Count(labels, predictions);
    }

    /// <summary>What all processes of a group have counted; all of them ask.</summary>
    public ConfusionMatrix SumOver(IProcessGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new ConfusionMatrix(Classes, group.SumOf<long>(_counts));
    }

    /// <summary>Counts more pixels than one thread should, on several; the sums are the same.</summary>
    private unsafe void Count(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> predictions)
    {
        fixed (byte* label = labels, prediction = predictions)
        {
            (nint l, nint p, int length) = ((nint)label, (nint)prediction, labels.Length);
            Parallel.For(0, (length + Chunk - 1) / Chunk, () => new long[_counts.Length], (i, _, counts) =>
            {
                int start = i * Chunk, count = Math.Min(Chunk, length - start);
                Count(new((byte*)l + start, count), new((byte*)p + start, count), counts);
                return counts;
            }, counts =>
            {
                lock (_counts)
                {
                    for (int i = 0; i < counts.Length; i++)
                        _counts[i] += counts[i];
                }
            });
        }
    }

    private void Check(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> predictions)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == LabelMap.Ignore)
                continue;
            if (labels[i] >= Classes || predictions[i] >= Classes)
            {
                (string what, int value) = labels[i] >= Classes ? ("label", labels[i]) : ("prediction", predictions[i]);
                throw new ImageException(
                    $"{what} {value} at pixel {i} is of no class, where classes go from 0 to {Classes - 1}; " +
                    "check the number of classes or the file");
            }
        }
    }

    /// <summary>By runs: neighbours mostly have the same label and the same prediction.</summary>
    private void Count(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> predictions, long[] counts)
    {
        int start = 0;
        while (start < labels.Length)
        {
            byte label = labels[start], prediction = predictions[start];
            int end = start + 1;
            while (end < labels.Length && labels[end] == label && predictions[end] == prediction)
                end++;
            if (label != LabelMap.Ignore)
                counts[label * Classes + prediction] += end - start;
            start = end;
        }
    }

    /// <summary>The scores of all that was counted.</summary>
    public SegmentationScores Score()
    {
        long[] right = new long[Classes], labelled = new long[Classes], predicted = new long[Classes];
        for (int label = 0; label < Classes; label++)
        {
            right[label] = this[label, label];
            for (int prediction = 0; prediction < Classes; prediction++)
            {
                labelled[label] += this[label, prediction];
                predicted[prediction] += this[label, prediction];
            }
        }
        return new SegmentationScores(right, labelled, predicted);
    }

    private void CheckClass(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, Classes, name);
    }
}
