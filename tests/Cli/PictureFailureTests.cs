using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>What may go wrong with one picture, and what ends all.</summary>
public class PictureFailureTests
{
    [Fact]
    public void What_is_wrong_with_one_picture_leaves_the_others()
    {
        using var device = Device.Open("cpu");
        Exception[] errors = [
            new ImageException("x"), new DatasetException("x"), new ShapeException("x"), new OutputException("x"),
            new InsufficientMemoryException(),
            new DeviceException("cpu has no 8 GiB of memory left"), new InvalidOperationException("x")];
        Assert.All(errors, error => Assert.True(PictureFailure.LeavesOthers(error, device)));
    }

    [Fact]
    public void What_is_wrong_with_all_ends_all()
    {
        using var device = Device.Open("cpu");
        Exception[] errors =
            [new OperationCanceledException(), new TaskCanceledException(), new ConfigurationException("x"), new WeightsException("x")];
        Assert.All(errors, error => Assert.False(PictureFailure.LeavesOthers(error, device)));
    }

    [Fact]
    public void A_device_that_is_lost_ends_all()
    {
        var device = Device.Open("cpu");
        device.Dispose();
        Assert.False(PictureFailure.LeavesOthers(new DeviceException("cpu: lost"), device));
        Assert.True(PictureFailure.LeavesOthers(new ImageException("x"), device));
    }

    [Fact]
    public void Every_line_names_the_picture()
    {
        string picture = Path.Combine("in", "a.png");
        Assert.Equal($"'{picture}': not enough memory; use smaller pictures, --long-side or --window",
            PictureFailure.Describe(picture, new InsufficientMemoryException()));
        Assert.Equal($"'{picture}': cannot write 'b'; x", PictureFailure.Describe(picture, new OutputException("cannot write 'b'; x")));
        Assert.Equal($"cannot read '{picture}'; x", PictureFailure.Describe(picture, new ImageException($"cannot read '{picture}'; x")));
    }
}
