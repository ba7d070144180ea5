using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Simd;

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
                Run(bits, rows < width, count, first, second, new TileStore(sums, stride));
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

    /// <summary>What follows the sums comes in the order of their formula, with its bits.</summary>
    [Theory]
    [InlineData(512, 12, 12, 32)]
    [InlineData(256, 6, 6, 16)]
    [InlineData(256, 6, 4, 16)]
    [InlineData(128, 6, 6, 8)]
    public void ATileIsStoredWithAllThatFollows(int bits, int width, int rows, int columns)
    {
        const int Count = 9;
        int stride = columns + 3;
        float[] a = Values(Count * width, 1), b = Values(Count * columns, 2), before = Values(rows * stride, 3);
        float[] biases = Values(rows, 4), residual = Values(rows * stride, 5);
        for (int parts = 0; parts < 16; parts++)
        {
            bool adds = (parts & 1) != 0, hasBias = (parts & 2) != 0, hasResidual = (parts & 4) != 0, relu = (parts & 8) != 0;
            var plain = new float[rows * stride];
            float[] tile = [.. before];
            fixed (float* first = a, second = b, sums = plain, to = tile, bias = biases, other = residual)
            {
                Run(bits, rows < width, Count, first, second, new TileStore(sums, stride));
                var store = new TileStore(to, stride)
                {
                    Adds = adds,
                    Bias = hasBias ? bias : null,
                    Residual = hasResidual ? other : null,
                    Relu = relu,
                };
                Run(bits, rows < width, Count, first, second, store);
            }
            for (int i = 0; i < tile.Length; i++)
            {
                float value = plain[i];
                if (adds)
                    value += before[i];
                if (hasBias)
                    value += biases[i / stride];
                if (hasResidual)
                    value += residual[i];
                if (relu && value < 0)
                    value = 0;
                Assert.Equal(i % stride < columns ? value : before[i], tile[i]);
            }
        }
    }

    private static void Run(int bits, bool isShort, int count, float* a, float* b, in TileStore store)
    {
        switch (bits)
        {
            case 512:
                Microkernel.Run512(count, a, b, store);
                break;
            case 256 when isShort:
                Microkernel.Run256Short(count, a, b, store);
                break;
            case 256:
                Microkernel.Run256(count, a, b, store);
                break;
            default:
                Microkernel.Run128(count, a, b, store);
                break;
        }
    }

    private static float[] Values(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * 1.7f + seed))];
}
