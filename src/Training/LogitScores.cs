using SpGpu.Layers;

namespace SpGpu.Training;

/// <summary>The best class of every pixel of some logits, and their cross entropy with labels.</summary>
internal static class LogitScores
{
    /// <summary>Goes through the pixels row by row; the sums do not depend on the number of threads.</summary>
    /// <param name="logits">N,classes,H,W.</param>
    /// <param name="labels">Picture, row, column: classes, or an ignored one.</param>
    /// <param name="ignored">The label that does not count.</param>
    /// <returns>The classes as the labels lie, the sum of the losses of the pixels that count, and their number.</returns>
    public static (byte[] Classes, double LossSum, long Count) Of(HostTensor logits, byte[] labels, byte ignored)
    {
        (int classes, int height, int width) = (logits.Shape[1], logits.Shape[2], logits.Shape[3]);
        var best = new byte[labels.Length];
        var sums = new double[labels.Length / width];
        var counts = new long[sums.Length];
        Parallel.For(0, sums.Length, row =>
        {
            int plane = height * width;
            int first = row / height * classes * plane + row % height * width;
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<float> pixel = logits.Floats.AsSpan(first + x);
                int top = 0;
                for (int c = 1; c < classes; c++)
                {
                    if (pixel[c * plane] > pixel[top * plane])
                        top = c;
                }
                best[row * width + x] = (byte)top;
                byte label = labels[row * width + x];
                if (label == ignored)
                    continue;
                double sum = 0, highest = pixel[top * plane];
                for (int c = 0; c < classes; c++)
                    sum += Math.Exp(pixel[c * plane] - highest);
                sums[row] += Math.Log(sum) + highest - pixel[label * plane];
                counts[row]++;
            }
        });
        return (best, sums.Sum(), counts.Sum());
    }
}
