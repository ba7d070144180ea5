using SpGpu.Checks;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>The reference of <see cref="HardExamples"/> on five pixels, the fourth of which is ignored.</summary>
public class HardSelectionTests
{
    private const double Error = 1e-6;

    private static readonly double[] _labels = [1, 0, 1, 9, 2];
    private static readonly double[] _probabilities = [0.1, 0.5, 0.9, double.NaN, 0.3];

    [Theory]
    [InlineData(0.4f, 0, new double[] { 1, 9, 9, 9, 2 })] // the threshold decides
    [InlineData(0.4f, 2, new double[] { 1, 9, 9, 9, 2 })] // as many are below it anyway
    [InlineData(0.4f, 3, new double[] { 1, 0, 9, 9, 2 })] // it rises to 0.5
    [InlineData(0.05f, 1, new double[] { 1, 9, 9, 9, 9 })] // it rises to 0.1
    [InlineData(0.05f, 0, new double[] { 9, 9, 9, 9, 9 })] // none is hard
    [InlineData(0.05f, 4, new double[] { 1, 0, 1, 9, 2 })] // no more than that count
    public void Keeps_the_hard_pixels(float threshold, int minKept, double[] labels) =>
        Assert.Equal(labels, Enumerable.Range(0, 5).Select(Select(threshold, minKept, _probabilities).Label));

    [Fact]
    public void Rounding_may_decide_at_the_threshold_only()
    {
        HardSelection selection = Select(0.5f, 0, [0.1, 0.5 + Error / 2, 0.5 - Error / 2, double.NaN, 0.5 + 3 * Error]);
        Assert.Equal([1, 9, 1, 9, 9], Enumerable.Range(0, 5).Select(selection.Label));
        Assert.True(selection.Judge(0, 9).Part > 1);
        Assert.True(selection.Judge(1, 0).Part <= 1);
        Assert.True(selection.Judge(2, 9).Part <= 1);
        Assert.True(selection.Judge(4, 2).Part > 1);
        Assert.True(selection.Judge(1, 1).Part > 1); // neither its label nor ignored
        Assert.True(selection.Judge(3, 1).Part > 1); // the ignored one does not come back
    }

    [Fact]
    public void The_last_of_the_pixels_to_keep_stays_unless_the_next_is_as_hard()
    {
        Assert.True(Select(0.05f, 2, [0.1, 0.5, 0.9, double.NaN, 0.3]).Judge(4, 9).Part > 1);
        Assert.True(Select(0.05f, 2, [0.1, 0.3 + Error / 2, 0.9, double.NaN, 0.3]).Judge(4, 9).Part <= 1);
    }

    private static HardSelection Select(float threshold, int minKept, double[] probabilities) =>
        new(new HardExamples(threshold, minKept, Ignored: 9), new Samples(_labels, new Shape(1, 1, 1, 5)),
            (_, _, _, j) => new Estimate(probabilities[j], Error));
}
