using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Tests;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Networks that are disposed while threads use them, and networks that are short of memory.</summary>
public sealed class LoadTests
{
    /// <summary>SPGPU_FULL is for a machine with time to spare.</summary>
    private static int Rounds => Environment.GetEnvironmentVariable("SPGPU_FULL") is { Length: > 0 } ? 1000 : 40;

    [Fact]
    public void Disposal_under_load_waits_and_what_comes_later_is_told_so()
    {
        var random = new Random(1);
        for (int round = 0; round < Rounds; round++)
        {
            var device = Device.Open("cpu", new() { Threads = 1 + round % 3 });
            SpNet net = SpNet.Random(Tiny.Architecture, device);
            using var running = new CountdownEvent(2);
            var errors = new Exception?[2];
            Thread[] threads = [.. errors.Select((_, t) => new Thread(() => errors[t] = Record.Exception(() => Segment(net, t, running))))];
            Array.ForEach(threads, thread => thread.Start());
            running.Wait(TestContext.Current.CancellationToken);
            Thread.SpinWait(random.Next(100_000));
            // Each first in turn, and each twice.
            IDisposable[] order = round % 2 == 0 ? [device, net, device, net] : [net, device, net, device];
            foreach (IDisposable disposable in order)
                disposable.Dispose();
            Array.ForEach(threads, thread => thread.Join());
            Assert.All(errors, error => Assert.IsType<ObjectDisposedException>(error));
        }
    }

    [Fact]
    public void A_network_that_was_disposed_says_so_and_takes_no_memory()
    {
        using var cpu = Device.Open("cpu");
        using var device = new SmallDevice(cpu);
        SpNet net = Tiny.Net(device);
        net.Segment(Picture(20), new() { Window = 16 });
        net.Segment(Picture(20), new() { Scales = [0.5, 1] });
        net.Dispose();
        net.Dispose();
        Assert.Throws<ObjectDisposedException>(() => net.Segment(Picture(20)));
        Assert.Throws<ObjectDisposedException>(() => net.Segment(Picture(20), new() { Scales = [0.5, 1] }));
        Assert.Throws<ObjectDisposedException>(() => net.Forward(Tiny.Input(1, 3, 16, 16)));
        Assert.Throws<ObjectDisposedException>(
            () => net.Profile(new Shape(1, 3, 16, 16), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(0, device.Used);
    }

    [Fact]
    public void Pictures_of_many_sizes_are_segmented_where_only_the_largest_fits()
    {
        using var cpu = Device.Open("cpu");
        using var device = new SmallDevice(cpu);
        SegmentOptions[] ways = [new(), new() { Window = 24, Flip = true }, new() { Scales = [0.5, 1] }];
        int[] sides = [40, 64, 48, 56];
        var expected = new Dictionary<(int, SegmentOptions), byte[]>();
        foreach ((int side, SegmentOptions way) in sides.SelectMany(side => ways.Select(way => (side, way))))
        {
            using SpNet net = Tiny.Net(device);
            expected[(side, way)] = net.Segment(Picture(side), way).Labels;
        }
        using SpNet small = Tiny.Net(device);
        device.Limit = device.Peak;
        foreach ((int side, SegmentOptions way) in expected.Keys.Concat(expected.Keys.Reverse()))
            Assert.Equal(expected[(side, way)], small.Segment(Picture(side), way).Labels);
        var error = Assert.Throws<DeviceMemoryException>(() => small.Segment(Picture(200)));
        Assert.Contains(" of memory left; use a smaller image", error.Message, StringComparison.Ordinal);
        Assert.Equal(expected[(64, ways[0])], small.Segment(Picture(64)).Labels);
        small.Dispose();
        Assert.Equal(0, device.Used);
    }

    private static void Segment(SpNet net, int number, CountdownEvent running)
    {
        net.Segment(Picture(24 + 8 * number));
        running.Signal();
        for (int i = 0; true; i++)
            net.Segment(Picture(24 + 8 * (i % 6)), i % 3 == 0 ? new() { Scales = [0.5, 1] } : null);
    }

    private static RgbImage Picture(int side) =>
        new([.. Enumerable.Range(0, 3 * side * side).Select(i => (byte)(i * 37 % 251))], side, side, 3 * side, PixelOrder.Rgb);
}
