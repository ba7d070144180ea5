using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>The outputs that are said to read an element are all that do, and their weights are those of the forward operator.</summary>
public sealed class BilinearGradientAxisTests
{
    [Theory]
    [InlineData(1, 1), InlineData(1, 7), InlineData(7, 1), InlineData(2, 2), InlineData(2, 3), InlineData(3, 2)]
    [InlineData(12, 60), InlineData(20, 60), InlineData(60, 480), InlineData(480, 60), InlineData(97, 769), InlineData(769, 97)]
    [InlineData(60, 473), InlineData(59, 60), InlineData(1021, 4093), InlineData(3, 4099)]
    public void Agrees_with_the_forward_axis(int input, int output)
    {
        Agrees(input, output, ResizeRule.CornerAligned);
        Agrees(input, output, ResizeRule.HalfPixel);
    }

    private static void Agrees(int input, int output, ResizeRule rule)
    {
        var forward = new BilinearKernelAxis(input, output, rule);
        var axis = new BilinearGradientAxis(input, output, rule);
        float[] expected = new float[input * output];
        for (int o = 0; o < output; o++)
        {
            BilinearKernelAxis.Sample sample = forward.At(o);
            expected[sample.First * output + o] += 1f - sample.Weight;
            expected[sample.Second * output + o] += sample.Weight;
        }
        float[] found = new float[input * output];
        for (int i = 0; i < input; i++)
        {
            for (int o = axis.Begin(i); o < axis.End(i); o++)
                found[i * output + o] = axis.Weight(o, i);
        }
        Assert.Equal(output, axis.Outputs);
        Assert.Equal(expected, found);
    }
}
