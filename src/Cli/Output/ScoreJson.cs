using System.Text.Json;
using SpGpu.Data.Metrics;
using SpGpu.Models;

namespace SpGpu.Cli.Output;

/// <summary>Scores as JSON, with what they were measured with.</summary>
internal sealed record ScoreJson(string Weights, string Device, int Pictures, SegmentOptions Options)
{
    public void Write(Utf8JsonWriter json, SegmentationScores scores, IReadOnlyList<string> names)
    {
        json.WriteString("weights", Weights);
        json.WriteString("device", Device);
        json.WriteNumber("pictures", Pictures);
        WriteOptions(json);
        json.WriteNumber("miou", scores.MeanIoUOfPresent);
        json.WriteNumber("miou_official", scores.MeanIoU);
        json.WriteNumber("macc_official", scores.MeanAccuracy);
        json.WriteNumber("pixel_accuracy", scores.PixelAccuracy);
        JsonResults.WriteArray(json, "classes", names.Index(), one => WriteClass(json, scores, one.Item, one.Index));
    }

    private void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteNumber("long_side", Options.LongSide);
        json.WriteNumber("base_size", Options.BaseSize);
        json.WriteNumber("window", Options.Window);
        json.WriteBoolean("flip", Options.Flip);
        json.WriteStartArray("scales");
        foreach (double scale in Options.Scales)
            json.WriteNumberValue(scale);
        json.WriteEndArray();
    }

    /// <summary>What cannot be told of a class that does not occur is null.</summary>
    private static void WriteClass(Utf8JsonWriter json, SegmentationScores scores, string name, int index)
    {
        json.WriteNumber("index", index);
        json.WriteString("name", name);
        json.WriteNumber("pixels", scores.ClassPixels[index]);
        WriteRatio("iou", scores.IsPresent(index), scores.ClassIoU[index]);
        WriteRatio("accuracy", scores.ClassPixels[index] > 0, scores.ClassAccuracy[index]);

        void WriteRatio(string key, bool isKnown, double ratio)
        {
            if (isKnown)
                json.WriteNumber(key, ratio);
            else
                json.WriteNull(key);
        }
    }
}
