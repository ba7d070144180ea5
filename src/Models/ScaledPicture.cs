using SpGpu.Data;
using SpGpu.Gpu;

namespace SpGpu.Models;

/// <summary>
/// A picture at one scale of the test procedure, as the network takes it: resized in float, not rounded, then
/// normalised; the mean colour, which surrounds it, is 0.
/// </summary>
internal sealed class ScaledPicture
{
    // Channel by channel.
    private readonly float[] _planes;

    /// <exception cref="ImageException">The size is above <see cref="RgbImage.MaxPixels"/>.</exception>
    public ScaledPicture(RgbImage image, Size2D size, ColourStatistics colours)
    {
        if ((long)size.Height * size.Width > RgbImage.MaxPixels)
            throw new ImageException(
                $"cannot resize a picture to {size.Width} x {size.Height}: the limit is {RgbImage.MaxPixels / 1_000_000} megapixels; " +
                "choose smaller scales");
        Size = size;
        _planes = GC.AllocateUninitializedArray<float>(3 * size.Height * size.Width);
        ResizeTap[] rows = ResizeTap.Between(image.Height, size.Height), columns = ResizeTap.Between(image.Width, size.Width);
        float[] mean = [.. colours.Mean], deviation = [.. colours.Deviation];
        int plane = size.Height * size.Width;
        for (int y = 0, to = 0; y < size.Height; y++)
        {
            ReadOnlySpan<byte> above = Row(image, rows[y].First), below = Row(image, rows[y].Second);
            float down = rows[y].Weight;
            for (int x = 0; x < size.Width; x++, to++)
            {
                ResizeTap tap = columns[x];
                int left = 3 * tap.First, right = 3 * tap.Second;
                for (int c = 0; c < 3; c++)
                {
                    float upper = above[left + c] + (above[right + c] - above[left + c]) * tap.Weight;
                    float lower = below[left + c] + (below[right + c] - below[left + c]) * tap.Weight;
                    _planes[c * plane + to] = (upper + (lower - upper) * down - mean[c]) / deviation[c];
                }
            }
        }
    }

    public Size2D Size { get; }

    /// <summary>Copies a window, which may leave the picture on any side; mirrored, its columns in reverse.</summary>
    public void Cut(int top, int left, Size2D window, bool mirrored, Span<float> to)
    {
        to.Clear();
        int first = Math.Max(0, -left), end = Math.Min(window.Width, Size.Width - left);
        for (int c = 0; c < 3; c++)
        {
            for (int y = Math.Max(0, -top); y < Math.Min(window.Height, Size.Height - top); y++)
            {
                Span<float> row = to.Slice((c * window.Height + y) * window.Width, window.Width);
                _planes.AsSpan((c * Size.Height + top + y) * Size.Width + left + first, end - first).CopyTo(row[first..]);
                if (mirrored)
                    row.Reverse();
            }
        }
    }

    private static ReadOnlySpan<byte> Row(RgbImage image, int y) => image.Pixels.AsSpan(3 * image.Width * y, 3 * image.Width);
}
