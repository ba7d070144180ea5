using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Division by multiplication is exact for every number that can occur.</summary>
public sealed class DivisorTests
{
    [Fact]
    public void Agrees_with_division()
    {
        int[] divisors = [1, 2, 3, 5, 7, 59, 60, 64, 97, 129, 641, 65535, 65536, 1 << 30, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue];
        var random = new Random(1);
        foreach (int d in divisors)
        {
            var divisor = new Divisor(d);
            Assert.Equal(d, divisor.Value);
            for (int i = 0; i < 20000; i++)
            {
                int index = (int)(random.NextInt64(int.MaxValue + 1L) >> random.Next(31));
                // Around multiples, where a quotient that is slightly off shows.
                int multiple = index / d * d;
                foreach (int value in new[] { index, multiple, Math.Max(multiple - 1, 0), int.MaxValue, int.MaxValue / d * d })
                    Assert.Equal(value / d, divisor.Quotient(value));
            }
        }
    }
}
