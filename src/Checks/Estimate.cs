namespace SpGpu.Checks;

/// <summary>
/// A number in double precision and the largest error that a sound float32 computation of it may show. Errors are
/// carried through the formula: each float32 operation adds half a unit in the last place (2^-24 relative).
/// </summary>
/// <param name="Value">The number.</param>
/// <param name="Error">The largest error allowed, absolute.</param>
internal readonly record struct Estimate(double Value, double Error)
{
    /// <summary>2^-24, the largest relative error of one rounding to float32.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>Relative error of a sigmoid or softmax: GPUs approximate the exponential and the division.</summary>
    public const double ExponentialError = 1e-5;

    /// <summary>Below this an exponential may be anything: float32 flushes it to zero on some devices.</summary>
    public const double Negligible = 1e-12;

    /// <summary>An input: a number without error.</summary>
    public static implicit operator Estimate(double value) => new(value, 0);

    /// <summary>
    /// A sum of products in float32, in any order. Few terms: one rounding each at worst, three more for a mean's
    /// factor, a bias and an input made on load. Many terms of random sign, as in most cases: partial sums and their
    /// roundings grow as the root of the number of terms, the magnitude as the number, so that even the simplest loop
    /// errs by about one unit of the magnitude, five where it errs most. Sixteen is still a fiftieth of an average
    /// term of the longest sum of SPNet-50, 18,432 terms: a dropped term shows. Where terms do not cancel (variances,
    /// losses), partial sums grow as their number and the simplest loop errs by a tenth of its root.
    /// </summary>
    /// <param name="value">The sum.</param>
    /// <param name="magnitude">The sum of the absolute values of the terms.</param>
    /// <param name="terms">The number of terms.</param>
    public static Estimate Sum(double value, double magnitude, int terms) =>
        new(value, Unit * Math.Min((terms + 3) * magnitude, 16 * magnitude + Math.Sqrt(terms) / 4 * Math.Abs(value)));

    /// <summary>The sum; its rounding is taken relative to the addends, so that longer sums may be reordered.</summary>
    public static Estimate operator +(Estimate a, Estimate b) =>
        new(a.Value + b.Value, a.Error + b.Error + Unit * (Math.Abs(a.Value) + Math.Abs(b.Value)));

    /// <summary>The product with a number that has no error.</summary>
    public static Estimate operator *(Estimate a, double b) =>
        new(a.Value * b, (a.Error + Unit * Math.Abs(a.Value)) * Math.Abs(b));

    /// <summary>The difference, as a sum.</summary>
    public static Estimate operator -(Estimate a, Estimate b) => a + new Estimate(-b.Value, b.Error);

    /// <summary>The product of two numbers with errors.</summary>
    public static Estimate operator *(Estimate a, Estimate b)
    {
        double value = a.Value * b.Value;
        return new(value, Math.Abs(a.Value) * b.Error + Math.Abs(b.Value) * a.Error + a.Error * b.Error + Unit * Math.Abs(value));
    }

    /// <summary>The quotient by a number well above its error; OpenCL allows 2.5 units in the last place.</summary>
    public static Estimate operator /(Estimate a, Estimate b)
    {
        double value = a.Value / b.Value;
        return new(value, (a.Error + Math.Abs(value) * b.Error) / (Math.Abs(b.Value) - b.Error) + 5 * Unit * Math.Abs(value));
    }

    /// <summary>The root of a number above its error; OpenCL allows 3 units in the last place.</summary>
    public Estimate Sqrt()
    {
        double value = Math.Sqrt(Value);
        return new(value, Error / value + 6 * Unit * value);
    }

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    public Estimate Relu() => new(Math.Max(Value, 0), Error);

    /// <summary>1 / (1 + e^-x), whose slope is at most a quarter.</summary>
    public Estimate Sigmoid()
    {
        double value = 1 / (1 + Math.Exp(-Value));
        return new(value, Error / 4 + ExponentialError * value + Negligible);
    }

    /// <summary>The slope of the sigmoid where this is its value.</summary>
    public Estimate SigmoidSlope() => this * (1 - this);

    /// <summary>e^x.</summary>
    public Estimate Exp()
    {
        double value = Math.Exp(Value);
        return new(value, value * (Error + ExponentialError) + Negligible);
    }
}
