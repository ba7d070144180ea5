using System.Globalization;
using SpGpu.Data.Datasets;
using SpGpu.Training.Configuration;

namespace SpGpu.Training;

/// <summary>Weighs classes by how rare they are (<c>class_weights: auto</c>), as ENet and those after it do.</summary>
internal static class ClassBalance
{
    private const int PerLine = 8;

    /// <summary>
    /// The configuration with numbers where it has none: 1 / ln(1.10 + p) for a class with the share p of the labelled
    /// pixels, from 10.49 for one that never occurs to 1.35. Others stay as they are.
    /// </summary>
    /// <exception cref="DatasetException">No label file has a pixel that counts, or a label is of no class.</exception>
    /// <exception cref="ImageException">A label file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Someone asked to stop.</exception>
    public static TrainingConfiguration Settle(TrainingConfiguration c, SegmentationDataset train, RunOptions options)
    {
        if (!c.BalancedClasses)
            return c;
        IReadOnlyList<float> weights = Weights(train.CountPixels(c.Workers, options.Stop));
        for (int first = 0; first < weights.Count; first += PerLine)
        {
            string[] line = [.. weights.Skip(first).Take(PerLine).Select(weight => weight.ToString("0.00", CultureInfo.InvariantCulture))];
            options.Print($"class weights {first} to {first + line.Length - 1}: {string.Join(' ', line)}");
        }
        return c with { ClassWeights = weights, BalancedClasses = false };
    }

    private static IReadOnlyList<float> Weights(IReadOnlyList<long> pixels)
    {
        double all = pixels.Sum();
        // Rounded, so that no machine's logarithm makes another run of it.
        return all > 0
            ? [.. pixels.Select(count => (float)Math.Round(1 / Math.Log(1.10 + count / all), 4))]
            : throw new DatasetException(
                "class_weights is auto, and no label file has a pixel that counts; check the labels and ignore_label");
    }
}
