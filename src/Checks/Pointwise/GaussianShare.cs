namespace SpGpu.Checks;

/// <summary>The standard normal distribution for gelu, in double precision.</summary>
internal static class GaussianShare
{
    /// <summary>What float32 may be off: a polynomial of five terms and the exponential.</summary>
    private const double Error = 6e-7;

    /// <summary>The share below x.</summary>
    public static Estimate Below(double x) => new(x < 0 ? Above(-x) : 1 - Above(x), Error);

    /// <summary>The slope of x * Below(x).</summary>
    public static Estimate GeluSlope(double x)
    {
        double density = x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        Estimate below = Below(x);
        return new Estimate(below.Value + density, below.Error + Math.Abs(density) * Estimate.ExponentialError + Estimate.Negligible);
    }

    /// <summary>The share above x, from 0 on: a series near 0 and a continued fraction beyond 3.</summary>
    private static double Above(double x)
    {
        double density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (x > 3)
        {
            double fraction = x;
            for (int k = 60; k > 0; k--)
                fraction = x + k / fraction;
            return density / fraction;
        }
        // x + x^3 / 3 + x^5 / (3 * 5) + ...
        (double sum, double term) = (0, x);
        for (int k = 3; Math.Abs(term) > 1e-20; k += 2)
        {
            sum += term;
            term *= x * x / k;
        }
        return 0.5 - density * sum;
    }
}
