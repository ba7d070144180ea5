using CsCheck;
using SpGpu.Data.Transforms;

namespace SpGpu.Data.Tests.Transforms;

/// <summary>Small pictures of random colours and labels.</summary>
internal static class Pictures
{
    public static readonly Gen<LabelledPicture> Any =
        Gen.Select(Gen.Int[1, 24], Gen.Int[1, 24], Gen.Int).Select((width, height, seed) => Make(width, height, seed));

    public static LabelledPicture Make(int width, int height, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[3 * width * height], labels = new byte[width * height];
        random.NextBytes(pixels);
        random.NextBytes(labels);
        return new LabelledPicture(new RgbImage(pixels, width, height, 3 * width, PixelOrder.Rgb), new LabelMap(labels, width, height));
    }

    public static double At(this LabelledPicture picture, int x, int y, int channel) =>
        picture.Pixels[3 * (y * picture.Width + x) + channel];

    public static byte LabelAt(this LabelledPicture picture, int x, int y) => picture.Labels[y * picture.Width + x];

    /// <summary>Asserts each pixel and label; null stands for a label that rounding may decide either way.</summary>
    public static void Equal(LabelledPicture picture, int width, int height, Func<int, int, int, double> pixel, Func<int, int, byte?> label,
        double tolerance = 1e-3)
    {
        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.Equal((3 * width * height, width * height), (picture.Pixels.Length, picture.Labels.Length));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                    Assert.InRange(picture.At(x, y, channel) - pixel(x, y, channel), -tolerance, tolerance);
                if (label(x, y) is { } expected)
                    Assert.Equal(expected, picture.LabelAt(x, y));
            }
        }
    }
}
