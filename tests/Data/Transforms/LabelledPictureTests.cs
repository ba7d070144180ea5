using CsCheck;
using SpGpu.Data.Transforms;

namespace SpGpu.Data.Tests.Transforms;

/// <summary>Each transform against its formula, pixel by pixel in double precision.</summary>
public class LabelledPictureTests
{
    private static readonly double[] _mean = [123.675, 116.28, 103.53], _deviation = [58.395, 57.12, 57.375];

    [Fact]
    public void Recolouring_is_brightness_then_contrast_then_saturation() => Gen.Select(Pictures.Any, Gen.Float[0.5f, 1.5f].Array[3])
        .Sample((picture, factor) =>
        {
            double[] bright = [.. picture.Pixels.Select(value => (double)value * factor[0])];
            double mean = Enumerable.Range(0, bright.Length / 3).Average(i => Grey(bright, i));
            double[] contrasted = [.. bright.Select(value => mean + factor[1] * (value - mean))];
            double[] expected = [.. contrasted.Select((value, i) =>
                Math.Clamp(Grey(contrasted, i / 3) + factor[2] * (value - Grey(contrasted, i / 3)), 0, 255))];
            LabelledPicture changed = picture.Recolour(factor[0], factor[1], factor[2]);
            Assert.Equal(picture.Labels, changed.Labels);
            Assert.All(expected.Zip(changed.Pixels), pair => Assert.Equal(pair.First, pair.Second, 1e-3));

            static double Grey(double[] pixels, int i) => 0.299 * pixels[3 * i] + 0.587 * pixels[3 * i + 1] + 0.114 * pixels[3 * i + 2];
        }, iter: 50);

    [Fact]
    public void Scale_samples_between_centres_with_the_border_repeated() =>
        Gen.Select(Pictures.Any, Gen.Double[0.3, 2.5]).Sample((picture, factor) => CheckScale(picture, factor, exact: false), iter: 200);

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(0.01)]
    public void Scale_by_a_plain_factor_follows_the_same_formula(double factor) =>
        CheckScale(Pictures.Make(13, 10, seed: 1), factor, exact: true);

    private static void CheckScale(LabelledPicture picture, double factor, bool exact)
    {
        Pictures.Equal(picture.Scale(factor), Size(picture.Width), Size(picture.Height), Pixel, (x, y) => Label(x / factor, y / factor));

        int Size(int size) => (int)Math.Max(1, Math.Round(factor * size, MidpointRounding.ToEven));

        double Pixel(int x, int y, int channel)
        {
            // A weighted sum over every pixel: a triangle of width 1 about the clamped position.
            double atX = Math.Clamp((x + 0.5) / factor - 0.5, 0, picture.Width - 1),
                atY = Math.Clamp((y + 0.5) / factor - 0.5, 0, picture.Height - 1);
            double sum = 0;
            for (int j = (int)atY; j <= Math.Min((int)atY + 1, picture.Height - 1); j++)
            {
                for (int i = (int)atX; i <= Math.Min((int)atX + 1, picture.Width - 1); i++)
                    sum += (1 - Math.Abs(atX - i)) * (1 - Math.Abs(atY - j)) * picture.At(i, j, channel);
            }
            return sum;
        }

        byte? Label(double x, double y) =>
            Uncertain(x) || Uncertain(y)
                ? null
                : picture.LabelAt(Math.Min((int)x, picture.Width - 1), Math.Min((int)y, picture.Height - 1));

        // Next to a whole number x / factor and x * (1 / factor) may fall on both sides, unless both are exact.
        bool Uncertain(double v) => !exact && Math.Abs(v - Math.Round(v)) < 1e-9;
    }

    [Fact]
    public void Rotate_inverts_the_matrix_and_fills_with_mean_and_ignore() =>
        Gen.Select(Pictures.Any, Gen.Double[-180, 180]).Sample((picture, degrees) =>
        {
            double c = Math.Cos(degrees * Math.PI / 180), s = Math.Sin(degrees * Math.PI / 180), cx = picture.Width / 2.0,
                cy = picture.Height / 2.0;
            // The matrix [[c, s, e], [-s, c, f]] and its inverse by Cramer's rule.
            double e = (1 - c) * cx - s * cy, f = s * cx + (1 - c) * cy, determinant = c * c + s * s;
            Pictures.Equal(picture.Rotate(degrees), picture.Width, picture.Height, Pixel, Label);

            (double X, double Y) From(int x, int y) =>
                ((c * (x - e) - s * (y - f)) / determinant, (c * (y - f) + s * (x - e)) / determinant);

            double Pixel(int x, int y, int channel)
            {
                (double fromX, double fromY) = From(x, y);
                double sum = 0;
                for (int j = (int)Math.Floor(fromY); j <= Math.Floor(fromY) + 1; j++)
                {
                    for (int i = (int)Math.Floor(fromX); i <= Math.Floor(fromX) + 1; i++)
                    {
                        bool inside = i >= 0 && i < picture.Width && j >= 0 && j < picture.Height;
                        sum += (1 - Math.Abs(fromX - i)) * (1 - Math.Abs(fromY - j))
                            * (inside ? picture.At(i, j, channel) : _mean[channel]);
                    }
                }
                return sum;
            }

            byte? Label(int x, int y)
            {
                (double fromX, double fromY) = (From(x, y).X + 0.5, From(x, y).Y + 0.5);
                if (Math.Abs(fromX - Math.Round(fromX)) < 1e-9 || Math.Abs(fromY - Math.Round(fromY)) < 1e-9)
                    return null;
                int i = (int)Math.Floor(fromX), j = (int)Math.Floor(fromY);
                return i >= 0 && i < picture.Width && j >= 0 && j < picture.Height ? picture.LabelAt(i, j) : LabelMap.Ignore;
            }
        }, iter: 200);

    [Fact]
    public void Rotate_by_90_degrees_is_counter_clockwise()
    {
        LabelledPicture picture = Pictures.Make(6, 6, seed: 2);
        // About (3, 3): what stood at (3 + d, 3) comes to stand at (3, 3 - d), which is above; column 6 is outside.
        Pictures.Equal(picture.Rotate(90), 6, 6,
            (x, y, channel) => y == 0 ? _mean[channel] : picture.At(6 - y, x, channel),
            (x, y) => y == 0 ? LabelMap.Ignore : picture.LabelAt(6 - y, x));
    }

    [Fact]
    public void Blur_is_the_two_dimensional_kernel_mirrored_at_the_border()
    {
        int[] kernel = [1, 4, 6, 4, 1];
        Pictures.Any.Sample(picture =>
        {
            Pictures.Equal(picture.Blur(), picture.Width, picture.Height, Pixel, (x, y) => picture.LabelAt(x, y));

            double Pixel(int x, int y, int channel)
            {
                double sum = 0;
                for (int j = -2; j <= 2; j++)
                {
                    for (int i = -2; i <= 2; i++)
                        sum += kernel[i + 2] * kernel[j + 2]
                            * picture.At(Mirror(x + i, picture.Width), Mirror(y + j, picture.Height), channel);
                }
                return sum / 256;
            }

            // Mirroring about both ends is periodic.
            static int Mirror(int i, int length)
            {
                int period = Math.Max(2 * (length - 1), 1), phase = ((i % period) + period) % period;
                return Math.Min(phase, length > 1 ? period - phase : 0);
            }
        }, iter: 100);
    }

    [Fact]
    public void Flip_exchanges_left_and_right() =>
        Pictures.Any.Sample(picture => Pictures.Equal(picture.Flip(), picture.Width, picture.Height,
            (x, y, channel) => picture.At(picture.Width - 1 - x, y, channel), (x, y) => picture.LabelAt(picture.Width - 1 - x, y),
            tolerance: 0), iter: 50);

    [Fact]
    public void Pad_puts_the_smaller_half_before() =>
        Gen.Select(Pictures.Any, Gen.Int[1, 40], Gen.Int[1, 40]).Sample((picture, width, height) =>
        {
            int left = Math.Max(width - picture.Width, 0) / 2, top = Math.Max(height - picture.Height, 0) / 2;
            Pictures.Equal(picture.Pad(width, height), Math.Max(width, picture.Width), Math.Max(height, picture.Height),
                (x, y, channel) => Inside(x, y) ? picture.At(x - left, y - top, channel) : _mean[channel],
                (x, y) => Inside(x, y) ? picture.LabelAt(x - left, y - top) : LabelMap.Ignore, tolerance: 1e-5);

            bool Inside(int x, int y) => x >= left && x < left + picture.Width && y >= top && y < top + picture.Height;
        }, iter: 100);

    [Fact]
    public void Crop_cuts_out_what_lies_inside()
    {
        LabelledPicture picture = Pictures.Make(9, 7, seed: 3);
        Pictures.Equal(picture.Crop(4, 2, 5, 3), 5, 3, (x, y, channel) => picture.At(x + 4, y + 2, channel),
            (x, y) => picture.LabelAt(x + 4, y + 2), tolerance: 0);
        foreach ((int left, int top, int width, int height) in new[]
        {
            (5, 2, 5, 3),
            (4, 5, 5, 3),
            (-1, 0, 2, 2),
            (0, -1, 2, 2),
            (0, 0, 0, 2),
            (0, 0, 2, 0),
        })
            Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(left, top, width, height));
    }

    [Fact]
    public void Normalize_gives_planes_of_standard_scores()
    {
        LabelledPicture picture = Pictures.Make(5, 4, seed: 4);
        TrainSample sample = picture.Normalize();
        Assert.Equal((5, 4, 60), (sample.Width, sample.Height, sample.Image.Length));
        Assert.Equal(picture.Labels, sample.Labels);
        for (int i = 0; i < sample.Image.Length; i++)
        {
            int channel = i / 20, pixel = i % 20;
            Assert.Equal((picture.At(pixel % 5, pixel / 5, channel) - _mean[channel]) / _deviation[channel], sample.Image[i], 1e-6);
        }
    }

    [Fact]
    public void Sizes_that_do_not_work_are_refused()
    {
        LabelledPicture picture = Pictures.Make(40, 40, seed: 5);
        Check.Throws<ImageException>(() => picture.Scale(300), "12000 x 12000", "megapixels");
        Check.Throws<ImageException>(() => picture.Scale(1e9), "smaller scale");
        Check.Throws<ImageException>(() => picture.Pad(20_000, 20_000), "20000 x 20000");
        foreach (double factor in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Throws<ArgumentOutOfRangeException>(() => picture.Scale(factor));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Rotate(double.NaN));
        var image = new RgbImage([1, 2, 3], 1, 1, 3, PixelOrder.Rgb);
        Check.Throws<ImageException>(() => _ = new LabelledPicture(image, new LabelMap([1, 2], 2, 1)), "2 x 1", "1 x 1");
    }
}
