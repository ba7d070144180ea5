namespace SpGpu.OnnxRuntime;

/// <summary>The largest class of every pixel of scores that are interpolated to the picture's size, corners aligned.</summary>
internal static class UpsampledArgMax
{
    public static byte[] Of(ReadOnlySpan<float> scores, int classes, int rows, int columns, int width, int height)
    {
        var labels = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            (int top, int bottom, float down) = Between(y, rows, height);
            for (int x = 0; x < width; x++)
            {
                (int left, int right, float across) = Between(x, columns, width);
                float best = float.NegativeInfinity;
                for (int c = 0; c < classes; c++)
                {
                    ReadOnlySpan<float> plane = scores.Slice(c * rows * columns, rows * columns);
                    float upper = float.Lerp(plane[top * columns + left], plane[top * columns + right], across);
                    float lower = float.Lerp(plane[bottom * columns + left], plane[bottom * columns + right], across);
                    float score = float.Lerp(upper, lower, down);
                    if (score > best)
                        (best, labels[y * width + x]) = (score, (byte)c);
                }
            }
        }
        return labels;
    }

    /// <summary>The two scores between which a pixel lies, and how far it is from the first.</summary>
    private static (int First, int Second, float Weight) Between(int pixel, int scores, int pixels)
    {
        float position = pixels == 1 ? 0 : pixel * (scores - 1f) / (pixels - 1);
        int first = Math.Min((int)position, scores - 1);
        return (first, Math.Min(first + 1, scores - 1), position - first);
    }
}
