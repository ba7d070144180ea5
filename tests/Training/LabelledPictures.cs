using System.Globalization;
using SpGpu.Data;

namespace SpGpu.Training.Tests;

/// <summary>A folder of pictures from a formula: slanted patches whose colour, with noise over it, tells the class.</summary>
internal static class LabelledPictures
{
    public const int Classes = 5;

    /// <summary>Writes images/ and labels/.</summary>
    public static void Write(string folder, int count, int width = 64, int height = 48)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        Directory.CreateDirectory(Path.Combine(folder, "labels"));
        for (int i = 0; i < count; i++)
        {
            var labels = new byte[width * height];
            var pixels = new byte[3 * labels.Length];
            for (int p = 0; p < labels.Length; p++)
            {
                int x = p % width, y = p / width;
                labels[p] = (byte)((x + y / 2 + 7 * i) / 13 % 2 + (y + i * x / 9) / 17 % 4);
                for (int channel = 0; channel < 3; channel++)
                {
                    ulong noise = SplitMix64.Mix((ulong)(3 * (i * labels.Length + p) + channel));
                    pixels[3 * p + channel] = (byte)(40 * ((labels[p] * (channel + 1) + channel) % Classes) + (int)(noise % 64));
                }
            }
            string name = i.ToString("00000", CultureInfo.InvariantCulture) + ".png";
            new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb).Write(Path.Combine(folder, "images", name));
            new LabelMap(labels, width, height).Write(Path.Combine(folder, "labels", name), Palette.Distinct(Classes));
        }
    }
}
