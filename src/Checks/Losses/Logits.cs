namespace SpGpu.Checks;

/// <summary>The logits of all classes at a pixel, and what follows from them.</summary>
internal static class Logits
{
    /// <summary>The logits at a pixel of <paramref name="x"/>.</summary>
    public static Estimate[] At(Element x, int classes, int n, int i, int j)
    {
        var logits = new Estimate[classes];
        for (int k = 0; k < classes; k++)
            logits[k] = x(n, k, i, j);
        return logits;
    }

    /// <summary>The probability of class <paramref name="index"/>.</summary>
    public static Estimate Probability(ReadOnlySpan<Estimate> x, int index)
    {
        double most = double.NegativeInfinity;
        double error = 0;
        foreach (Estimate one in x)
        {
            most = Math.Max(most, one.Value);
            error = Math.Max(error, one.Error);
        }
        double sum = 0;
        foreach (Estimate one in x)
            sum += Math.Exp(one.Value - most);
        double value = Math.Exp(x[index].Value - most) / sum;
        // An error e of the logits changes numerator and denominator by a factor e^e each at most.
        return new(value, value * (2 * error + Estimate.ExponentialError) + Estimate.Negligible);
    }

    /// <summary>The logarithm of the sum of e^x.</summary>
    public static Estimate LogSumExp(ReadOnlySpan<Estimate> x)
    {
        (double most, double error, double sum) = (double.NegativeInfinity, 0, 0);
        foreach (Estimate one in x)
        {
            most = Math.Max(most, one.Value);
            error = Math.Max(error, one.Error);
        }
        foreach (Estimate one in x)
            sum += Math.Exp(one.Value - most);
        double value = most + Math.Log(sum);
        return new(value, error + Estimate.ExponentialError + Estimate.Unit * (Math.Abs(most) + Math.Abs(value)));
    }
}
