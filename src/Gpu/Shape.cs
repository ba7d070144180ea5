namespace SpGpu.Gpu;

/// <summary>The shape of a tensor: N images, C channels, H rows, W columns; row-major, W innermost.</summary>
public readonly record struct Shape(int N, int C, int H, int W)
{
    /// <summary>Elements of one channel plane, H * W.</summary>
    public int Plane => H * W;

    /// <summary>Elements of one image, C * H * W.</summary>
    public long ImageLength => (long)C * H * W;

    /// <summary>Elements of the whole tensor.</summary>
    public long Count => N * ImageLength;

    /// <summary>Checks that every extent is at least one and that offsets within the tensor fit 31 bits.</summary>
    /// <exception cref="ShapeException">They do not; <paramref name="what"/> names the tensor.</exception>
    internal Shape Checked(string what)
    {
        if (N < 1 || C < 1 || H < 1 || W < 1)
            throw new ShapeException($"{what} has shape {this}; every extent must be at least 1");
        if ((Int128)N * C * H * W > int.MaxValue)
            throw new ShapeException(
                $"{what} has shape {this}, more than 2^31 - 1 elements; use smaller images, a smaller batch or windows");
        return this;
    }

    /// <summary>The shape in the form <c>1x3x480x480</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{N}x{C}x{H}x{W}");
}
