using CsCheck;
using SpGpu.Data.Metrics;

namespace SpGpu.Data.Tests.Metrics;

public class ConfusionMatrixTests
{
    private static readonly Gen<(int Classes, byte[] Labels, byte[] Predictions)> _pictures =
        Gen.Select(Gen.Int[1, 9], Gen.Int[0, 200]).SelectMany((classes, pixels) => Gen.Select(
            Gen.Const(classes),
            Gen.Frequency((1, Gen.Const(LabelMap.Ignore)), (6, Gen.Byte[0, (byte)(classes - 1)])).Array[pixels],
            Gen.Byte[0, (byte)(classes - 1)].Array[pixels]));

    [Fact]
    public void Scores_are_those_of_the_sets_of_pixels() => _pictures.Sample((classes, labels, predictions) =>
    {
        var matrix = new ConfusionMatrix(classes);
        // In two parts: counts add up.
        int half = labels.Length / 3;
        matrix.Add(labels.AsSpan(0, half), predictions.AsSpan(0, half));
        matrix.Add(labels.AsSpan(half), predictions.AsSpan(half));
        SegmentationScores scores = matrix.Score();

        int[] counted = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] != 255)];
        var ious = new List<double>();
        var accuracies = new List<double>();
        var present = new List<double>();
        for (int c = 0; c < classes; c++)
        {
            HashSet<int> truth = [.. counted.Where(i => labels[i] == c)], found = [.. counted.Where(i => predictions[i] == c)];
            int both = truth.Intersect(found).Count(), either = truth.Union(found).Count();
            ious.Add(both / (either + 1e-10));
            accuracies.Add(both / (truth.Count + 1e-10));
            if (either > 0)
                present.Add((double)both / either);
            Assert.Equal(ious[c], scores.ClassIoU[c], 1e-12);
            Assert.Equal(accuracies[c], scores.ClassAccuracy[c], 1e-12);
            for (int p = 0; p < classes; p++)
                Assert.Equal(counted.Count(i => labels[i] == c && predictions[i] == p), matrix[c, p]);
        }
        Assert.Equal(ious.Sum() / classes, scores.MeanIoU, 1e-12);
        Assert.Equal(accuracies.Sum() / classes, scores.MeanAccuracy, 1e-12);
        Assert.Equal(present.Count == 0 ? 0 : present.Sum() / present.Count, scores.MeanIoUOfPresent, 1e-9);
        Assert.Equal(counted.Count(i => labels[i] == predictions[i]) / (counted.Length + 1e-10), scores.PixelAccuracy, 1e-12);
    }, iter: 200);

    [Fact]
    public void Many_pixels_are_counted_as_few_are()
    {
        byte[] labels = [.. Enumerable.Range(0, 500_001).Select(i => (byte)(i / 7 % 5 == 4 ? 255 : i / 7 % 5))];
        byte[] predictions = [.. Enumerable.Range(0, labels.Length).Select(i => (byte)(i / 3 % 4))];
        var matrix = new ConfusionMatrix(4);
        matrix.Add(labels, predictions);
        for (int label = 0; label < 4; label++)
        {
            for (int found = 0; found < 4; found++)
                Assert.Equal(labels.Zip(predictions).LongCount(pixel => pixel == ((byte)label, (byte)found)), matrix[label, found]);
        }
    }

    [Fact]
    public void Absent_class_counts_0_officially_and_not_among_the_present()
    {
        var matrix = new ConfusionMatrix(4);
        // Class 0: 2 of 3 found; class 1: predicted once, wrongly, and right once; classes 2 and 3 do not occur.
        matrix.Add([0, 0, 0, 1, 255], [0, 0, 1, 1, 3]);
        SegmentationScores scores = matrix.Score();
        Assert.Equal([2 / 3.0, 0.5, 0, 0], scores.ClassIoU.Select(iou => Math.Round(iou, 9)), (a, b) => Math.Abs(a - b) < 1e-8);
        Assert.Equal((2 / 3.0 + 0.5) / 4, scores.MeanIoU, 1e-9);
        Assert.Equal((2 / 3.0 + 0.5) / 2, scores.MeanIoUOfPresent, 1e-9);
        Assert.Equal((2 / 3.0 + 1) / 4, scores.MeanAccuracy, 1e-9);
        Assert.Equal(0.75, scores.PixelAccuracy, 1e-9);
    }

    [Fact]
    public void Values_of_no_class_are_refused_and_count_nothing()
    {
        var matrix = new ConfusionMatrix(3);
        Check.Throws<ImageException>(() => matrix.Add([0, 3], [0, 0]), "label 3 at pixel 1", "0 to 2");
        Check.Throws<ImageException>(() => matrix.Add([0, 1], [0, 255]), "prediction 255 at pixel 1");
        Assert.Equal(0, matrix[0, 0]);
        Assert.Throws<ArgumentException>(() => matrix.Add([0, 1], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[-1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0).Classes);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(256).Classes);
    }

    [Fact]
    public void Goes_on_from_counts()
    {
        var matrix = new ConfusionMatrix(2, [1, 2, 3, 4]);
        matrix.Add([0, 1], [1, 0]);
        Assert.Equal([1, 3, 4, 4], [matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]]);
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, [1, 2, 3, -1]));
    }
}
