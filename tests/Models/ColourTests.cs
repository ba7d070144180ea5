using SpGpu.Data.Transforms;
using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Training and inference normalise alike; neither project may reference the other.</summary>
public sealed class ColourTests
{
    [Fact]
    public void TheStatisticsAreTheSame()
    {
        Assert.Equal(NormalizeRgb.Mean.Select(value => (double)value), Enumerable.Range(0, 3).Select(c => (double)ColourStatistics.Mean[c]));
        Assert.Equal(NormalizeRgb.Deviation.Select(value => (double)value), Enumerable.Range(0, 3).Select(c => (double)ColourStatistics.Deviation[c]));
    }
}
