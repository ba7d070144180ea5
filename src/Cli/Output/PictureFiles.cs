using System.Text.Encodings.Web;
using System.Text.Json;
using SpGpu.Data;

namespace SpGpu.Cli.Output;

/// <summary>What is written for one picture.</summary>
/// <param name="Labels">The label map, a palette PNG.</param>
/// <param name="Overlay">The picture under the colours of its classes, a JPEG; one too long for that becomes a PNG.</param>
/// <param name="Report">Size, time and the share of each class as JSON.</param>
internal sealed record PictureFiles(string Labels, string Overlay, string Report)
{
    // For people: names in any script stay readable.
    private static readonly JsonWriterOptions _readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What may be asked for alone.</summary>
    public static string[] Kinds { get; } = ["labels", "overlay", "json"];

    /// <summary>Writes all three, or one kind alone, each as a whole or not at all.</summary>
    public void Write(SegmentedPicture picture, Legend legend, string? only = null)
    {
        if (only is null or "labels")
            picture.Map.Write(Labels, legend.Palette);
        string? overlay = only is null or "overlay" ? WriteOverlay(picture, legend) : null;
        if (only is null or "json")
        {
            AtomicFile.Write(Report, stream =>
            {
                using var json = new Utf8JsonWriter(stream, _readable);
                WriteReport(json, picture, overlay, legend);
            });
        }
    }

    private string WriteOverlay(SegmentedPicture picture, Legend legend)
    {
        RgbImage coloured = legend.Below(picture.Map.Overlay(picture.Image, legend.Palette), picture.Map);
        string overlay = Math.Max(coloured.Width, coloured.Height) <= RgbImage.MaxJpegSide
            ? Overlay
            : Path.ChangeExtension(Overlay, ".png");
        coloured.Write(overlay);
        return overlay;
    }

    private void WriteReport(Utf8JsonWriter json, SegmentedPicture picture, string? overlay, Legend legend)
    {
        json.WriteStartObject();
        json.WriteString("picture", picture.Name);
        json.WriteNumber("width", picture.Map.Width);
        json.WriteNumber("height", picture.Map.Height);
        json.WriteString("device", picture.Device);
        json.WriteString("weights", picture.Weights);
        json.WriteNumber("milliseconds", Math.Round(picture.Milliseconds, 3));
        if (overlay is not null)
        {
            json.WriteString("labels", Path.GetFileName(Labels));
            json.WriteString("overlay", Path.GetFileName(overlay));
        }
        if (legend.Assumed is { } assumed)
            json.WriteString("assumed", assumed);
        JsonResults.WriteArray(json, "classes", legend.Shares(picture.Map), share =>
        {
            json.WriteNumber("index", share.Index);
            json.WriteString("name", share.Name);
            json.WriteString("color", $"#{legend.Palette[share.Index].ToHex()}");
            json.WriteNumber("pixels", share.Pixels);
            json.WriteNumber("share", Math.Round(share.Share, 6));
        });
        json.WriteEndObject();
    }
}

/// <summary>A picture with its labels and where they come from.</summary>
internal sealed record SegmentedPicture(
    string Name, RgbImage Image, LabelMap Map, string Device, string Weights, double Milliseconds);
