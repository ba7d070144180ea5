namespace SpGpu.Data;

/// <summary>
/// Where a value comes from when an axis is resized bilinearly between pixel centres, the border repeated, without
/// smoothing (OpenCV's INTER_LINEAR): <c>v[First] + (v[Second] - v[First]) * Weight</c>.
/// </summary>
/// <param name="First">The source position before the new one.</param>
/// <param name="Second">The one behind it.</param>
/// <param name="Weight">The share of the second, 0 to 1.</param>
internal readonly record struct ResizeTap(int First, int Second, float Weight)
{
    /// <summary>The sources of all values when an axis of <paramref name="from"/> becomes one of <paramref name="to"/>.</summary>
    public static ResizeTap[] Between(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
        var taps = new ResizeTap[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * from / to - 0.5;
            int first = (int)Math.Floor(centre);
            taps[i] = new ResizeTap(Math.Max(first, 0), Math.Min(first + 1, from - 1), (float)(centre - first));
        }
        return taps;
    }
}
