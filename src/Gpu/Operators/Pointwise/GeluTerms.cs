namespace SpGpu.Gpu;

/// <summary>
/// The share of a standard normal distribution above |x|, as a polynomial of t = 1 / (1 + <see cref="Slope"/> |x|) times
/// e^(-x^2 / 2): half of formula 7.1.26 for erfc in Abramowitz and Stegun's handbook, whose error is at most 1.5e-7.
/// </summary>
internal static class GeluTerms
{
    /// <summary>0.3275911 over the root of 2.</summary>
    public const float Slope = 0.231641888f;

    /// <summary>Of t.</summary>
    public const float First = 0.127414796f;

    /// <summary>Of t squared.</summary>
    public const float Second = -0.142248368f;

    /// <summary>Of t to the third.</summary>
    public const float Third = 0.7107068705f;

    /// <summary>Of t to the fourth.</summary>
    public const float Fourth = -0.7265760135f;

    /// <summary>Of t to the fifth.</summary>
    public const float Fifth = 0.5307027145f;

    /// <summary>The density at 0, one over the root of 2 pi.</summary>
    public const float Density = 0.3989422804f;
}
