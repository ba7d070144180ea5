namespace SpGpu.Gpu.Kernels;

/// <summary>The standard normal distribution for gelu and its gradient; see <see cref="GeluTerms"/>.</summary>
internal static class NormalDistribution
{
    /// <summary>e^(-x^2 / 2).</summary>
    public static float Power(float x) => KernelMath.Exp(-0.5f * x * x);

    /// <summary>The share below x, of which <paramref name="power"/> is <see cref="Power"/>; NaN stays NaN.</summary>
    public static float Below(float x, float power)
    {
        float t = KernelMath.Divide(1f, 1f + GeluTerms.Slope * (x < 0f ? -x : x));
        float sum = GeluTerms.Fourth + t * GeluTerms.Fifth;
        sum = GeluTerms.Second + t * (GeluTerms.Third + t * sum);
        float beyond = t * (GeluTerms.First + t * sum) * power;
        return x < 0f ? beyond : 1f - beyond;
    }
}
