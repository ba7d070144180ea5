namespace SpGpu.Data.Transforms;

/// <summary>A turn of a picture about its middle, its size kept: where each new pixel comes from.</summary>
internal readonly struct Turn
{
    private readonly double _sine, _cosine, _centreX, _centreY;

    /// <param name="degrees">Counter-clockwise where positive.</param>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    public Turn(double degrees, int width, int height)
    {
        if (!double.IsFinite(degrees))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "not a number");
        (_sine, _cosine) = Math.SinCos(degrees * Math.PI / 180);
        (_centreX, _centreY) = (width / 2.0, height / 2.0);
        (Width, Height) = (width, height);
    }

    /// <summary>Width of the picture.</summary>
    public int Width { get; }

    /// <summary>Height of the picture.</summary>
    public int Height { get; }

    /// <summary>The position that the pixel (x, y) comes from: the inverse turn, about the same point.</summary>
    public (double X, double Y) From(int x, int y) => (
        _cosine * (x - _centreX) - _sine * (y - _centreY) + _centreX,
        _sine * (x - _centreX) + _cosine * (y - _centreY) + _centreY);

    /// <summary>Whether the picture has the pixel (x, y).</summary>
    public bool Contains(int x, int y) => (uint)x < (uint)Width && (uint)y < (uint)Height;

    /// <summary>The pixels that a part of the turned picture is made of, as far as there are any: else one next to them.</summary>
    public Window Source(Window part)
    {
        (double X, double Y)[] corners =
            [From(part.Left, part.Top), From(part.Right - 1, part.Top), From(part.Left, part.Bottom - 1),
                From(part.Right - 1, part.Bottom - 1)];
        int left = First(corners.Min(corner => corner.X), Width), top = First(corners.Min(corner => corner.Y), Height);
        return Window.Between(left, top, End(corners.Max(corner => corner.X), left, Width),
            End(corners.Max(corner => corner.Y), top, Height));

        // The neighbours on both sides of a position count.
        static int First(double least, int size) => (int)Math.Clamp(Math.Floor(least), 0, size - 1);
        static int End(double most, int first, int size) => (int)Math.Clamp(Math.Floor(most) + 2, first + 1, size);
    }
}
