namespace SpGpu.Gpu.Kernels;

/// <summary>What the kernels of a matrix decomposition are told; see <see cref="DecompositionLayout"/>.</summary>
internal readonly record struct DecompositionScalars(Place X, Place Y, ulong Seed, int Rank, int Channels, int Pixels)
{
    public DecompositionScalars(Place x, Place y, ulong seed, DecompositionLayout layout)
        : this(x, y, seed, layout.Rank, layout.Channels, layout.Pixels)
    {
        Stride = (int)layout.Stride;
        (Bases, NextBases) = (layout.Bases(0), layout.Bases(1));
        (Coefficients, NextCoefficients) = (layout.Coefficients(0), layout.Coefficients(1));
        Gram = layout.Gram;
        (ByRank, ByChannels, ByPixels) = (new(Rank), new(Channels), new(Pixels));
    }

    /// <summary>Elements of an image in the workspace.</summary>
    public int Stride { get; init; }

    public int Bases { get; init; }

    public int NextBases { get; init; }

    public int Coefficients { get; init; }

    public int NextCoefficients { get; init; }

    public int Gram { get; init; }

    /// <summary>The rows whose products are taken.</summary>
    public int Rows { get; init; }

    /// <summary>Elements of such a row.</summary>
    public int Length { get; init; }

    public Divisor ByRank { get; init; }

    public Divisor ByChannels { get; init; }

    public Divisor ByPixels { get; init; }

    /// <summary>Rows as a tensor in the workspace.</summary>
    public Place Place(int rows) => new(rows, Stride);

    public DecompositionScalars OfRows(int rows, int length) => this with { Rows = rows, Length = length };

    public DecompositionScalars WithBasesSwapped() => this with { Bases = NextBases, NextBases = Bases };

    public DecompositionScalars WithCoefficientsSwapped() =>
        this with { Coefficients = NextCoefficients, NextCoefficients = Coefficients };
}
