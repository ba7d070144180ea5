namespace SpGpu.Gpu;

/// <summary>
/// Where a matrix decomposition keeps what it works on, for each image: bases and coefficients in rows, one for each of the
/// rank; both a second time for kernels, which read the old ones while they write; the products of rows with each other.
/// </summary>
internal readonly struct DecompositionLayout(Shape x, int rank)
{
    public readonly int Rank = rank;
    public readonly int Channels = x.C;
    public readonly int Pixels = x.Plane;

    /// <summary>Elements of an image.</summary>
    public long Stride => Gram + (long)Rank * Rank;

    /// <summary>The bases, and the others of the two.</summary>
    public int Bases(int which) => which * Rank * Channels;

    /// <summary>The coefficients, and the others of the two.</summary>
    public int Coefficients(int which) => 2 * Rank * Channels + which * Rank * Pixels;

    /// <summary>Products of rows.</summary>
    public int Gram => 2 * Rank * (Channels + Pixels);
}
