using SpGpu.Data;
using SpGpu.Data.Transforms;
using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Training and inference normalise alike, though neither project knows the other.</summary>
public sealed class ColourTests
{
    [Fact]
    public void Every_value_becomes_the_same_number()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256).SelectMany(value => Enumerable.Repeat((byte)value, 3))];
        var picture = new LabelledPicture(new RgbImage(pixels, 256, 1, 3 * 256, PixelOrder.Rgb), new LabelMap(new byte[256], 256, 1));

        using var device = Device.Open("cpu");
        var shape = new Shape(1, 3, 1, 256);
        Tensor x = Tensor.Allocate(device, shape, DataType.UInt8), y = Tensor.Allocate(device, shape);
        using DeviceMemory input = x.Memory, output = y.Memory;
        x.Upload<byte>(pixels);
        device.Operators.Prepare(new NormalizeRgb(ColourStatistics.ImageNet), [shape]).Run([x], [y]);
        var planes = new float[3 * 256];
        y.Download<float>(planes);

        Assert.Equal(picture.Normalize().Image, planes);
    }
}
