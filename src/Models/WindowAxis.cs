using SpGpu.Data;

namespace SpGpu.Models;

/// <summary>
/// Where windows of one length lie along an axis of a picture, as the official test procedure places them: they overlap
/// by a third and the last is shifted back. An axis shorter than a window is padded to it, half of what lacks (rounded
/// down) before the picture and the rest behind.
/// </summary>
internal sealed class WindowAxis
{
    private readonly int _picture;
    private readonly int _window;

    public WindowAxis(int picture, int window)
    {
        (_picture, _window) = (picture, window);
        Extent = Math.Max(picture, window);
        int stride = (2 * window + 2) / 3;
        int count = (Extent - window + stride - 1) / stride + 1;
        Starts = [.. Enumerable.Range(0, count).Select(i => Math.Min(i * stride, Extent - window))];
    }

    /// <summary>Pixels of the padded picture: at least one window.</summary>
    public int Extent { get; }

    /// <summary>Pixels before the picture.</summary>
    public int Padding => (Extent - _picture) / 2;

    /// <summary>The first pixel of each window in the padded picture.</summary>
    public int[] Starts { get; }

    /// <summary>
    /// How sums over windows become means at another size of the picture (<see cref="ResizeTap"/>), as a table of
    /// <see cref="Gpu.AddInterpolated"/>: for each new pixel the first of the two between which it lies, counted with the
    /// padding, and the weights of both, each divided by the number of windows there.
    /// </summary>
    public float[] Table(int size)
    {
        float[] shares = [.. Enumerable.Range(0, Extent).Select(i => 1f / Starts.Count(start => start <= i && i < start + _window))];
        ResizeTap[] taps = ResizeTap.Between(_picture, size);
        var table = new float[3 * size];
        for (int i = 0; i < size; i++)
        {
            (int first, int second, float weight) = (Padding + taps[i].First, Padding + taps[i].Second, taps[i].Weight);
            // At a border the two are one.
            table[3 * i] = first;
            table[3 * i + 1] = (first == second ? 1 : 1 - weight) * shares[first];
            table[3 * i + 2] = first == second ? 0 : weight * shares[second];
        }
        return table;
    }
}
