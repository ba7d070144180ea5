namespace SpGpu.Gpu;

/// <summary>A pair of extents over rows and columns: a kernel, stride, padding, dilation or plane size.</summary>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>The same extent over rows and columns.</summary>
    public static implicit operator Size2D(int both) => new(both, both);

    /// <summary>From (rows, columns).</summary>
    public static implicit operator Size2D((int Height, int Width) pair) => new(pair.Height, pair.Width);

    /// <summary>The pair in the form <c>3x1</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Height}x{Width}");
}
