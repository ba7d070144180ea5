namespace SpGpu.Data.Transforms;

/// <summary>A part of a picture: its first pixel and its size, at least one pixel.</summary>
internal readonly record struct Window(int Left, int Top, int Width, int Height)
{
    /// <summary>The column after the last.</summary>
    public int Right => Left + Width;

    /// <summary>The row after the last.</summary>
    public int Bottom => Top + Height;

    /// <summary>With <paramref name="margin"/> more pixels on each side, as far as the picture has them.</summary>
    public Window Grow(int margin, int pictureWidth, int pictureHeight) =>
        Between(Math.Max(Left - margin, 0), Math.Max(Top - margin, 0), Math.Min(Right + margin, pictureWidth),
            Math.Min(Bottom + margin, pictureHeight));

    /// <summary>The parts of at most <paramref name="side"/> x <paramref name="side"/> pixels that it consists of.</summary>
    public IEnumerable<Window> Tiles(int side)
    {
        for (int top = Top; top < Bottom; top += side)
        {
            for (int left = Left; left < Right; left += side)
                yield return Between(left, top, Math.Min(left + side, Right), Math.Min(top + side, Bottom));
        }
    }

    /// <summary>From a first pixel to the one before (right, bottom).</summary>
    public static Window Between(int left, int top, int right, int bottom) => new(left, top, right - left, bottom - top);
}
