namespace SpGpu.Data.Transforms;

public sealed partial class LabelledPicture
{
    /// <summary>
    /// Turned about (width / 2, height / 2), the size kept. With c and s the cosine and sine of the angle, a pixel
    /// (x, y) goes to (c x + s y + (1 - c) cx - s cy, -s x + c y + s cx + (1 - c) cy), counted from the centre of the
    /// first pixel (cv2.getRotationMatrix2D and warpAffine). Pixels: bilinear, the mean colour outside. Labels: the
    /// nearest one, <see cref="LabelMap.Ignore"/> outside.
    /// </summary>
    /// <param name="degrees">Counter-clockwise where positive.</param>
    public LabelledPicture Rotate(double degrees)
    {
        var turned = new LabelledPicture(Width, Height);
        Rotate(new Turn(degrees, Width, Height), Whole, Whole, turned, Whole);
        return turned;
    }

    /// <summary>
    /// A part of the scaled and rotated picture: the pixels that <see cref="Scale(double)"/> and <see cref="Rotate(double)"/>
    /// give. By tiles, as a long part that is turned is made of much more than its own size.
    /// </summary>
    internal LabelledPicture ScaleAndRotate(double factor, in Turn turn, Window part)
    {
        var turned = new LabelledPicture(part.Width, part.Height);
        foreach (Window tile in part.Tiles(side: 256))
        {
            Window source = turn.Source(tile);
            Scale(factor, source).Rotate(turn, source, tile, turned, part);
        }
        return turned;
    }

    /// <summary>Rotates a tile, where this picture is only a part of the one that is turned.</summary>
    /// <param name="turn">The turn of the whole picture.</param>
    /// <param name="here">What this picture has of it: all that the tile is made of.</param>
    /// <param name="tile">What to make.</param>
    /// <param name="turned">Where to, a part of the turned picture.</param>
    /// <param name="there">Which part.</param>
    private void Rotate(in Turn turn, in Window here, Window tile, LabelledPicture turned, Window there)
    {
        for (int y = tile.Top; y < tile.Bottom; y++)
        {
            int to = (y - there.Top) * there.Width + tile.Left - there.Left;
            for (int x = tile.Left; x < tile.Right; x++, to++)
            {
                (double fromX, double fromY) = turn.From(x, y);
                int nearX = (int)Math.Floor(fromX + 0.5), nearY = (int)Math.Floor(fromY + 0.5);
                turned.Labels[to] = turn.Contains(nearX, nearY) ? Labels[(nearY - here.Top) * Width + nearX - here.Left] : LabelMap.Ignore;
                Sample(turn, here, fromX, fromY, turned.Pixels.AsSpan(3 * to, 3));
            }
        }
    }

    /// <summary>The colour between four pixels, those outside the picture having the mean colour.</summary>
    private void Sample(in Turn turn, in Window here, double x, double y, Span<float> colour)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float right = (float)(x - left), bottom = (float)(y - top);
        for (int channel = 0; channel < 3; channel++)
        {
            float a = At(turn, here, left, top, channel), b = At(turn, here, left + 1, top, channel);
            float d = At(turn, here, left, top + 1, channel), e = At(turn, here, left + 1, top + 1, channel);
            float upper = a + (b - a) * right, lower = d + (e - d) * right;
            colour[channel] = upper + (lower - upper) * bottom;
        }
    }

    private float At(in Turn turn, in Window here, int x, int y, int channel) => turn.Contains(x, y)
        ? Pixels[3 * ((y - here.Top) * Width + x - here.Left) + channel]
        : ColourStatistics.ImageNet.Mean[channel];
}
