namespace SpGpu.Data.Transforms;

public sealed partial class LabelledPicture
{
    /// <summary>How far apart a pixel is from those that it is made of.</summary>
    internal const int BlurMargin = 2;

    // OpenCV's fixed table for five taps without a sigma; not the exponential of sigma 1.1.
    private static readonly float[] _kernel = [1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f];

    /// <summary>
    /// Pixels smoothed by (1, 4, 6, 4, 1) / 16 along rows, then along columns; the picture is mirrored at its border
    /// without repeating the outermost pixel (cv2.GaussianBlur of 5 x 5, sigma 0). Labels stay.
    /// </summary>
    public LabelledPicture Blur()
    {
        float[] rows = new float[Pixels.Length], both = new float[Pixels.Length];
        Smooth(Pixels, rows, Width, step: 3, lines: Height, lineStep: 3 * Width, together: 3);
        Smooth(rows, both, Height, step: 3 * Width, lines: 1, lineStep: 0, together: 3 * Width);
        return new LabelledPicture(both, Labels, Width, Height);
    }

    /// <summary>
    /// Smooths along an axis of <paramref name="length"/> positions, <paramref name="step"/> apart, each of
    /// <paramref name="together"/> values side by side.
    /// </summary>
    private static void Smooth(float[] from, float[] to, int length, int step, int lines, int lineStep, int together)
    {
        for (int line = 0; line < lines; line++)
        {
            for (int i = 0; i < length; i++)
            {
                Span<float> sum = to.AsSpan(line * lineStep + i * step, together);
                for (int tap = 0; tap < _kernel.Length; tap++)
                {
                    ReadOnlySpan<float> values = from.AsSpan(line * lineStep + Mirror(i + tap - BlurMargin, length) * step, together);
                    float weight = _kernel[tap];
                    for (int k = 0; k < sum.Length; k++)
                        sum[k] += weight * values[k];
                }
            }
        }
    }

    /// <summary>The position inside that stands for one outside: -1 is 1, length is length - 2.</summary>
    private static int Mirror(int i, int length)
    {
        if (length == 1)
            return 0;
        while ((uint)i >= (uint)length)
            i = i < 0 ? -i : 2 * (length - 1) - i;
        return i;
    }
}
