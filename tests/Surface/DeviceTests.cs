using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Surface.Tests;

/// <summary>Devices and their memory.</summary>
public sealed class DeviceTests
{
    [Fact]
    public void Every_device_that_is_listed_as_usable_has_a_name_to_open_it_by()
    {
        IReadOnlyList<DeviceInfo> devices = Device.List();
        Assert.Contains(devices, device => device is { Name: "cpu", Usable: true });
        Assert.All(devices, device => Assert.Equal(device.Usable, device.Reason.Length == 0));
        using var processor = Device.Open("cpu", new() { Threads = 1 });
        Assert.Null(DeviceCondition.Of(processor));
    }

    [Fact]
    public void Two_results_in_one_block_are_joined_already()
    {
        using var device = Device.Open("cpu");
        var half = new Shape(2, 1, 2, 2);
        // Channels 0 and 1 of two images: the images of a half are as far apart as those of the whole.
        using DeviceMemory block = device.Allocate(16);
        block.Clear();
        var whole = new Tensor(block, half with { C = 2 });
        Tensor first = whole with { Shape = half }, second = first with { Offset = half.Plane };
        Tensor x = Tensor.Allocate(device, half);
        x.Upload<float>([-1, 2, -3, 4, 5, -6, 7, -8]);
        device.Operators.Prepare(new Pointwise(PointwiseKind.Relu), [half]).Run([x], [first]);
        device.Operators.Prepare(new Pointwise(PointwiseKind.Copy), [half]).Run([x], [second]);
        device.Synchronize();
        var joined = new float[16];
        whole.Download<float>(joined);
        x.Memory.Dispose();
        Assert.Equal([0, 2, 0, 4, -1, 2, -3, 4, 5, 0, 7, 0, 5, -6, 7, -8], joined);
        Assert.Equal((16, false, true), (block.Length, block.IsDisposed, x.Memory.IsDisposed));
    }

    [Fact]
    public void Bytes_are_a_type_of_their_own()
    {
        using var device = Device.Open("cpu");
        Tensor labels = Tensor.Allocate(device, new Shape(1, 1, 2, 3), DataType.UInt8);
        labels.Upload<byte>([1, 2, 3, 4, 5, 6]);
        var copy = new byte[6];
        labels.Download<byte>(copy);
        labels.Memory.Dispose();
        Assert.Equal([1, 2, 3, 4, 5, 6], copy);
    }
}
