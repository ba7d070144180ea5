using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>
/// Every tile, also those that this processor would not choose: vectors wider than its registers are emulated.
/// </summary>
public sealed unsafe class MicrokernelTests
{
    [Theory]
    [InlineData(512, 12, 12, 32)]
    [InlineData(256, 6, 6, 16)]
    [InlineData(256, 6, 4, 16)]
    [InlineData(128, 6, 6, 8)]
    public void ATileIsASumOfProducts(int bits, int width, int rows, int columns)
    {
        int stride = columns + 3;
        foreach (int count in (int[])[0, 1, 2, 7, 256])
        {
            float[] a = Values(count * width, 1);
            float[] b = Values(count * columns, 2);
            var tile = new float[rows * stride];
            Array.Fill(tile, 99f);
            fixed (float* first = a.Append(0).ToArray(), second = b.Append(0).ToArray(), sums = tile)
                Run(bits, rows < width, count, first, second, sums, stride);
            for (int r = 0; r < rows; r++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double expected = Enumerable.Range(0, count).Sum(k => (double)a[k * width + r] * b[k * columns + j]);
                    Assert.InRange(Math.Abs(expected - tile[r * stride + j]), 0, 1e-5 * Math.Sqrt(count + 1));
                }
                Assert.All(tile.Skip(r * stride + columns).Take(stride - columns), value => Assert.Equal(99f, value));
            }
        }
    }

    private static void Run(int bits, bool isShort, int count, float* a, float* b, float* tile, long stride)
    {
        switch (bits)
        {
            case 512:
                Microkernel.Run512(count, a, b, tile, stride);
                break;
            case 256 when isShort:
                Microkernel.Run256Short(count, a, b, tile, stride);
                break;
            case 256:
                Microkernel.Run256(count, a, b, tile, stride);
                break;
            default:
                Microkernel.Run128(count, a, b, tile, stride);
                break;
        }
    }

    private static float[] Values(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * 1.7f + seed))];
}
