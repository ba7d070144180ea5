using SpGpu.Peers.Children;

namespace SpGpu.Peers.Workloads;

/// <summary>Whether two engines computed the same logits.</summary>
internal static class Agreement
{
    /// <summary>The largest difference that counts as agreement, as a share of the largest logit.</summary>
    public const double Limit = 2e-4;

    /// <summary>
    /// The largest difference of two files of logits, as a share of the expected largest logit; infinite where they do
    /// not have the same length, hold something that is no number, or only zeros.
    /// </summary>
    public static double Between(string expectedFile, string actualFile)
    {
        float[] expected = FloatFile.Read(expectedFile), actual = FloatFile.Read(actualFile);
        if (expected.Length != actual.Length)
            return double.PositiveInfinity;
        double largest = 0, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double apart = Math.Abs((double)expected[i] - actual[i]);
            if (!double.IsFinite(apart))
                return double.PositiveInfinity;
            largest = Math.Max(largest, Math.Abs(expected[i]));
            difference = Math.Max(difference, apart);
        }
        return largest > 0 ? difference / largest : double.PositiveInfinity;
    }
}
