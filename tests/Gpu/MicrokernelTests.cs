using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>
/// Every tile, also those that this processor would not choose: vectors wider than its registers are emulated.
/// </summary>
public sealed unsafe class MicrokernelTests
{
    [Theory]
    [InlineData(512, 12, 32)]
    [InlineData(256, 6, 16)]
    [InlineData(128, 6, 8)]
    public void ATileIsASumOfProducts(int bits, int rows, int columns)
    {
        foreach (int count in (int[])[0, 1, 2, 7, 256])
        {
            float[] a = Values(count * rows, 1);
            float[] b = Values(count * columns, 2);
            var tile = new float[rows * columns + 1];
            Array.Fill(tile, 99f);
            fixed (float* first = a.Append(0).ToArray(), second = b.Append(0).ToArray(), sums = tile)
                Run(bits, count, first, second, sums);
            for (int r = 0; r < rows; r++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double expected = Enumerable.Range(0, count).Sum(k => (double)a[k * rows + r] * b[k * columns + j]);
                    Assert.InRange(Math.Abs(expected - tile[r * columns + j]), 0, 1e-5 * Math.Sqrt(count + 1));
                }
            }
            Assert.Equal(99f, tile[^1]);
        }
    }

    private static void Run(int bits, int count, float* a, float* b, float* tile)
    {
        switch (bits)
        {
            case 512:
                Microkernel.Run512(count, a, b, tile);
                break;
            case 256:
                Microkernel.Run256(count, a, b, tile);
                break;
            default:
                Microkernel.Run128(count, a, b, tile);
                break;
        }
    }

    private static float[] Values(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * 1.7f + seed))];
}
