using System.Numerics;
using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>The exponential of the CPU set beside the runtime's in double precision.</summary>
public sealed class SimdMathTests
{
    [Fact]
    public void The_exponential_is_right_within_two_units_in_the_last_place()
    {
        double worst = 0;
        for (int i = -87_000; i <= 88_700; i++)
        {
            float x = i / 1000f;
            double expected = Math.Exp(x);
            worst = Math.Max(worst, Math.Abs(Exp(x) - expected) / expected);
        }
        Assert.InRange(worst, 1e-9, 2.4e-7);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(89f, float.PositiveInfinity)]
    [InlineData(1e30f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(-105f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.NaN, float.NaN)]
    public void Its_ends_are_exact(float x, float expected) => Assert.Equal(expected, Exp(x));

    [Fact]
    public void Denormal_results_are_near() => Assert.Equal(Math.Exp(-95), Exp(-95f), 2e-45);

    private static float Exp(float x) => SimdMath.Exp(new Vector<float>(x))[Vector<float>.Count - 1];
}
