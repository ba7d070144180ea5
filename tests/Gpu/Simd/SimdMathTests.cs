using System.Numerics;
using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Simd;

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

    [Fact]
    public void The_sigmoid_is_right_within_three_units_in_the_last_place()
    {
        double worst = 0;
        for (int i = -87_000; i <= 87_000; i++)
        {
            float x = i / 1000f;
            double expected = 1 / (1 + Math.Exp(-(double)x));
            worst = Math.Max(worst, Math.Abs(Sigmoid(x) - expected) / expected);
        }
        Assert.InRange(worst, 1e-9, 3.6e-7);
    }

    [Theory]
    [InlineData(0f, 0.5f)]
    [InlineData(1e30f, 1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.NaN, float.NaN)]
    public void The_sigmoids_ends_are_exact(float x, float expected) => Assert.Equal(expected, Sigmoid(x));

    [Theory]
    [InlineData(-1e30f)]
    [InlineData(float.NegativeInfinity)]
    public void Far_below_zero_the_sigmoid_is_next_to_nothing(float x) => Assert.InRange(Sigmoid(x), 0, 2e-38f);

    private static float Sigmoid(float x) => SimdMath.Sigmoid(new Vector<float>(x))[Vector<float>.Count - 1];

    private static float Exp(float x) => SimdMath.Exp(new Vector<float>(x))[Vector<float>.Count - 1];
}
