using Xunit;

namespace SpGpu.Common.Tests;

public class ColourStatisticsTests
{
    [Fact]
    public void ThoseOfImageNetAreTheOfficialOnes()
    {
        Assert.Equal([123.675f, 116.28f, 103.53f], ColourStatistics.ImageNet.Mean);
        Assert.Equal([58.395f, 57.12f, 57.375f], ColourStatistics.ImageNet.Deviation);
    }

    [Theory]
    [InlineData(new float[] { 1, 2 }, new float[] { 1, 1, 1 }, "mean")]
    [InlineData(new float[] { 1, 2, float.NaN }, new float[] { 1, 1, 1 }, "mean")]
    [InlineData(new float[] { 1, 2, 3 }, new float[] { 1, 1, 1, 1 }, "deviation")]
    [InlineData(new float[] { 1, 2, 3 }, new float[] { 1, 0, 1 }, "deviation")]
    [InlineData(new float[] { 1, 2, 3 }, new float[] { 1, float.PositiveInfinity, 1 }, "deviation")]
    public void NumbersThatCannotBeAreRefused(float[] mean, float[] deviation, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentException>(() => new ColourStatistics(mean, deviation)).ParamName);
}
