namespace SpGpu.Models;

/// <summary>
/// Where windows of one length lie along an axis of a picture, as the official test procedure places them: they overlap
/// by a third and the last is shifted back. An axis shorter than a window is padded to it, half of what lacks (rounded
/// down) before the picture and the rest behind.
/// </summary>
internal sealed class WindowAxis
{
    private readonly int _window;

    public WindowAxis(int picture, int window)
    {
        (Picture, _window) = (picture, window);
        Extent = Math.Max(picture, window);
        int stride = (2 * window + 2) / 3;
        int count = (Extent - window + stride - 1) / stride + 1;
        Starts = [.. Enumerable.Range(0, count).Select(i => Math.Min(i * stride, Extent - window))];
    }

    /// <summary>Pixels of the picture.</summary>
    public int Picture { get; }

    /// <summary>Pixels of the padded picture: at least one window.</summary>
    public int Extent { get; }

    /// <summary>Pixels before the picture.</summary>
    public int Padding => (Extent - Picture) / 2;

    /// <summary>The first pixel of each window in the padded picture.</summary>
    public int[] Starts { get; }

    /// <summary>For each pixel of the padded picture one by the number of windows that cover it.</summary>
    public float[] Shares() =>
        [.. Enumerable.Range(0, Extent).Select(i => 1f / Starts.Count(start => start <= i && i < start + _window))];
}
