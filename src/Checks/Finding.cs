namespace SpGpu.Checks;

/// <summary>One element of an output beside its reference.</summary>
/// <param name="Expected">The reference.</param>
/// <param name="Actual">What the device computed.</param>
/// <param name="Error">How far apart they are.</param>
/// <param name="Allowed">How far apart they may be.</param>
internal readonly record struct Finding(double Expected, double Actual, double Error, double Allowed)
{
    /// <summary>The error as a part of what is allowed; more than 1 is wrong.</summary>
    public double Part => Error == 0 ? 0 : Error / Allowed;

    /// <summary>Compares a number; NaN equals NaN and nothing else.</summary>
    public static Finding Of(Estimate expected, double actual)
    {
        if (double.IsNaN(expected.Value) || double.IsNaN(actual))
        {
            bool both = double.IsNaN(expected.Value) && double.IsNaN(actual);
            return new Finding(expected.Value, actual, both ? 0 : double.PositiveInfinity, 0);
        }
        return new Finding(expected.Value, actual, Math.Abs(expected.Value - actual), expected.Error);
    }
}
