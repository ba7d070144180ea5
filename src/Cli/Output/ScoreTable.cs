using System.Globalization;
using SpGpu.Data.Metrics;

namespace SpGpu.Cli.Output;

/// <summary>Scores as lines.</summary>
internal static class ScoreTable
{
    private const int NameColumns = 30, OtherColumns = Text.Columns - NameColumns;

    /// <summary>A heading and a line a class; a class that is neither right nor predicted anywhere has no numbers.</summary>
    public static IEnumerable<string> Classes(SegmentationScores scores, IReadOnlyList<string> names, int columns)
    {
        int width = Text.Width(names, NameColumns, columns - OtherColumns);
        yield return Line("", Text.Padded("class", width), "IoU", "accuracy", "share", "pixels");
        double all = scores.ClassPixels.Sum();
        for (int c = 0; c < names.Count; c++)
        {
            long pixels = scores.ClassPixels[c];
            yield return Line(
                c.ToString(CultureInfo.InvariantCulture), Text.Head(names[c], width),
                scores.IsPresent(c) ? Ratio(scores.ClassIoU[c]) : "-",
                pixels > 0 ? Ratio(scores.ClassAccuracy[c]) : "-",
                pixels > 0 ? Text.Percent(pixels / all) : "-",
                Text.Count(pixels));
        }
    }

    /// <summary>The means, the one that matters most last.</summary>
    public static IEnumerable<string> Means(SegmentationScores scores)
    {
        int classes = scores.ClassIoU.Count, present = Enumerable.Range(0, classes).Count(scores.IsPresent);
        yield return $"pixel accuracy: {Ratio(scores.PixelAccuracy)}";
        yield return $"mAcc, official: {Ratio(scores.MeanAccuracy)} (over all {Text.Count(classes, "class")}; absent ones count 0)";
        yield return $"mIoU, official: {Ratio(scores.MeanIoU)} (over all {Text.Count(classes, "class")}; absent ones count 0)";
        yield return $"mIoU: {Ratio(scores.MeanIoUOfPresent)} (over the {Text.Count(present, "class")} present)";
    }

    private static string Line(string index, string name, string iou, string accuracy, string share, string pixels) =>
        $"{index,3} {name} {iou,7} {accuracy,9} {share,8} {pixels,16}".TrimEnd();

    private static string Ratio(double ratio) => ratio.ToString("0.0000", CultureInfo.InvariantCulture);
}
