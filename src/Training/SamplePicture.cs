using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Data.Drawing;

namespace SpGpu.Training;

/// <summary>A sample and what the network makes of it.</summary>
/// <param name="Image">What the network saw.</param>
/// <param name="Labels">What is right.</param>
/// <param name="Prediction">What the network said.</param>
internal sealed record SamplePicture(RgbImage Image, LabelMap Labels, LabelMap Prediction)
{
    /// <summary>How many samples are kept of an epoch.</summary>
    public const int Most = 4;

    /// <summary>The first samples of a batch.</summary>
    public static IEnumerable<SamplePicture> Of(Batch batch, byte[] classes, int most)
    {
        int plane = batch.Width * batch.Height;
        for (int i = 0; i < Math.Min(batch.Count, most); i++)
        {
            yield return new SamplePicture(
                Colours(batch.Images.AsSpan(3 * plane * i, 3 * plane), batch.Width, batch.Height),
                new LabelMap(batch.Labels.AsSpan(plane * i, plane).ToArray(), batch.Width, batch.Height),
                new LabelMap(classes.AsSpan(plane * i, plane).ToArray(), batch.Width, batch.Height));
        }
    }

    /// <summary>The picture, it with its labels and it with the prediction, side by side, and what the colours mean.</summary>
    public RgbImage SideBySide(ClassNames names, Palette palette) => PictureLegend.Below(
        RgbImage.SideBySide(Image, Labels.Overlay(Image, palette), Prediction.Overlay(Image, palette)), names, palette, Labels, Prediction);

    /// <summary>Undoes the normalisation.</summary>
    private static RgbImage Colours(ReadOnlySpan<float> planes, int width, int height)
    {
        int plane = width * height;
        var pixels = new byte[3 * plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i % 3;
            float value = planes[channel * plane + i / 3] * ColourStatistics.ImageNet.Deviation[channel]
                + ColourStatistics.ImageNet.Mean[channel];
            pixels[i] = (byte)Math.Clamp(value + 0.5f, 0, 255);
        }
        return new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb);
    }
}
