namespace SpGpu.Synth.Numerics;

/// <summary>
/// Functions made of IEEE arithmetic alone, so that scenes are the same on every machine: the last bits of
/// <see cref="Math.Sin"/> and its like differ between platforms. Accurate to about 1e-9, which scenes do not see.
/// </summary>
internal static class Portable
{
    public static double Sin(double x)
    {
        x -= 2 * Math.PI * Math.Floor(x / (2 * Math.PI) + 0.5);
        // Into a quarter turn, where the series is short.
        if (x > Math.PI / 2)
            x = Math.PI - x;
        else if (x < -Math.PI / 2)
            x = -Math.PI - x;
        double square = x * x, term = x, sum = x;
        for (int n = 2; n < 16; n += 2)
        {
            term *= -square / (n * (n + 1));
            sum += term;
        }
        return sum;
    }

    public static double Cos(double x) => Sin(x + Math.PI / 2);

    public static double Tan(double x) => Sin(x) / Cos(x);

    /// <summary>e to the power -x, for x of at least 0.</summary>
    public static double Decay(double x)
    {
        if (x > 30)
            return 0;
        double y = 1 - x / 64 + x * x / 8192 - x * x * x / 1572864;
        for (int i = 0; i < 6; i++)
            y *= y;
        return y;
    }

    /// <summary>The direction of a line in degrees, 0 to below 180, to hundredths.</summary>
    public static double LineAngle(double x, double y)
    {
        if (y < 0 || (y == 0 && x < 0))
            (x, y) = (-x, -y);
        // Bisect: the angle is where (cos, sin) crosses the direction.
        double low = 0, high = Math.PI;
        for (int i = 0; i < 40; i++)
        {
            double middle = (low + high) / 2;
            if (Cos(middle) * y - Sin(middle) * x > 0)
                low = middle;
            else
                high = middle;
        }
        double degrees = Math.Round((low + high) / 2 * (180 / Math.PI), 2);
        return degrees >= 180 ? 0 : degrees;
    }
}
