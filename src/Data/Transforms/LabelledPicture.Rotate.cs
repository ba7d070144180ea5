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
        if (!double.IsFinite(degrees))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "not a number");
        (double s, double c) = Math.SinCos(degrees * Math.PI / 180);
        double cx = Width / 2.0, cy = Height / 2.0;
        var turned = new LabelledPicture(Width, Height);
        int to = 0;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++, to++)
            {
                // Where the new pixel comes from: the inverse turn, about the same point.
                double fromX = c * (x - cx) - s * (y - cy) + cx, fromY = s * (x - cx) + c * (y - cy) + cy;
                int nearX = (int)Math.Floor(fromX + 0.5), nearY = (int)Math.Floor(fromY + 0.5);
                turned.Labels[to] = Contains(nearX, nearY) ? Labels[nearY * Width + nearX] : LabelMap.Ignore;
                Sample(fromX, fromY, turned.Pixels.AsSpan(3 * to, 3));
            }
        }
        return turned;
    }

    /// <summary>The colour between four pixels, those outside the picture having the mean colour.</summary>
    private void Sample(double x, double y, Span<float> colour)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float right = (float)(x - left), bottom = (float)(y - top);
        for (int channel = 0; channel < 3; channel++)
        {
            float a = At(left, top, channel), b = At(left + 1, top, channel);
            float d = At(left, top + 1, channel), e = At(left + 1, top + 1, channel);
            float upper = a + (b - a) * right, lower = d + (e - d) * right;
            colour[channel] = upper + (lower - upper) * bottom;
        }
    }

    private float At(int x, int y, int channel) =>
        Contains(x, y) ? Pixels[3 * (y * Width + x) + channel] : ColourStatistics.Mean[channel];

    private bool Contains(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height;
}
