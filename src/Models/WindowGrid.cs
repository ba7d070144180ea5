using SpGpu.Gpu;

namespace SpGpu.Models;

/// <summary>
/// Where windows of one size lie on a picture (section 5 of the official test procedure): they overlap by a third, the
/// last of a row and of a column is shifted back; a picture smaller than a window is padded, half of what lacks
/// (rounded down) before it and the rest behind.
/// </summary>
internal sealed class WindowGrid
{
    private readonly Size2D _window;

    public WindowGrid(Size2D picture, Size2D window)
    {
        Picture = picture;
        _window = window;
        Map = new(Math.Max(picture.Height, window.Height), Math.Max(picture.Width, window.Width));
        Tops = Starts(Map.Height, window.Height);
        Lefts = Starts(Map.Width, window.Width);
    }

    public Size2D Picture { get; }

    /// <summary>The padded picture: at least one window.</summary>
    public Size2D Map { get; }

    /// <summary>The first row of each row of windows in the padded picture.</summary>
    public int[] Tops { get; }

    /// <summary>The first column of each column of windows.</summary>
    public int[] Lefts { get; }

    public int PadTop => (Map.Height - Picture.Height) / 2;

    public int PadLeft => (Map.Width - Picture.Width) / 2;

    /// <summary>For each row of the padded picture one by the number of windows of a column that cover it.</summary>
    public float[] RowShares() => Shares(Tops, Map.Height, _window.Height);

    /// <summary>For each column of the padded picture one by the number of windows of a row that cover it.</summary>
    public float[] ColumnShares() => Shares(Lefts, Map.Width, _window.Width);

    private static float[] Shares(int[] starts, int extent, int window) =>
        [.. Enumerable.Range(0, extent).Select(i => 1f / starts.Count(start => start <= i && i < start + window))];

    private static int[] Starts(int extent, int window)
    {
        int stride = (2 * window + 2) / 3;
        int count = (extent - window + stride - 1) / stride + 1;
        return [.. Enumerable.Range(0, count).Select(i => Math.Min(i * stride, extent - window))];
    }
}
