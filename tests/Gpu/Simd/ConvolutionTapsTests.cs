using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Simd;

public sealed unsafe class ConvolutionTapsTests
{
    [Theory]
    [InlineData(0, 0, 4, 0, 9)] // an ordinary 3x3: the upper half
    [InlineData(1, 0, 4, 3, 9)] // dilation of half the image: rows above it
    [InlineData(1, 4, 8, 0, 6)] // rows below
    [InlineData(1, 3, 5, 0, 9)] // rows across the middle
    [InlineData(2, 0, 4, 3, 6)] // beyond the image: the middle row of taps alone
    public void Taps_that_read_padding_alone_are_left_out(int halves, int firstRow, int lastRow, int first, int last)
    {
        int dilation = Math.Max(1, 4 * halves);
        var convolution = new Convolution(1, 1, 3, 1, dilation, dilation);
        var image = new Shape(1, 1, 8, 5);
        ConvolutionTaps taps = new ConvolutionSource(convolution, image, image).TapsInside(firstRow * 5, (lastRow - firstRow) * 5);
        Assert.Equal(Enumerable.Range(first, last - first), Enumerable.Range(0, 9).Where(taps.Contains));
        Assert.Equal(first == 0 && last == 9, taps.AreAll);
    }

    /// <summary>Blocks of steps begin and end at any tap.</summary>
    [Fact]
    public void What_is_left_of_any_run_of_steps_is_counted_and_copied()
    {
        int rows = Microkernel.Rows;
        float[] filter = [.. Enumerable.Range(0, 40 * rows).Select(i => (float)i)];
        float[] copy = new float[filter.Length];
        foreach ((int first, int last) in ((int, int)[])[(0, 9), (3, 9), (0, 6), (3, 6), (6, 6)])
        {
            var taps = new ConvolutionTaps(9, first, last);
            for (int depth = 0; depth < 20; depth++)
            {
                for (int steps = 0; steps <= 20; steps++)
                {
                    int[] left = [.. Enumerable.Range(depth, steps).Where(k => k % 9 >= first && k % 9 < last)];
                    Assert.Equal(left.Length, taps.Count(depth, steps));
                    Array.Clear(copy);
                    fixed (float* source = filter, target = copy)
                        taps.Copy(source + depth * rows, depth, steps, target);
                    Assert.Equal(left.SelectMany(k => filter.Skip(k * rows).Take(rows)), copy.Take(left.Length * rows));
                    Assert.All(copy.Skip(left.Length * rows), value => Assert.Equal(0f, value));
                }
            }
        }
    }
}
