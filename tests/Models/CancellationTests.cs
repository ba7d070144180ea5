using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>What is cancelled computes nothing more, and the network goes on as before.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly Device _inner = Device.Open("cpu");
    private readonly InterruptedDevice _device;
    private readonly SpNet _net;
    private readonly RgbImage _image;

    public CancellationTests()
    {
        _device = new InterruptedDevice(_inner);
        _net = new SpNet(Tiny.Architecture, Tiny.Balanced(_inner), _device);
        var pixels = new byte[3 * 60 * 40];
        new Random(1).NextBytes(pixels);
        _image = new RgbImage(pixels, 60, 40, 180, PixelOrder.Rgb);
    }

    public static TheoryData<SegmentOptions> Ways => new()
    {
        new SegmentOptions(),
        new SegmentOptions { LongSide = 30 },
        new SegmentOptions { Window = 32, Flip = true },
        new SegmentOptions { Scales = [0.5, 1] },
    };

    public void Dispose()
    {
        _net.Dispose();
        _device.Dispose();
        _inner.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void NoOperatorBeginsAfterIt(SegmentOptions options)
    {
        byte[] expected = _net.Segment(_image, options, TestContext.Current.CancellationToken).Labels;
        int all = _device.Count;
        foreach (int at in (int[])[1, all / 3, all / 2])
        {
            int before = _device.Count;
            using var stop = new CancellationTokenSource();
            _device.Before = count => Cancel(stop, count == before + at);
            Assert.Throws<OperationCanceledException>(() => _net.Segment(_image, options, stop.Token));
            // What sums up a window belongs to its last operator.
            Assert.InRange(_device.Count - before, at, at + 1);
        }
        _device.Before = _ => { };
        Assert.Equal(expected, _net.Segment(_image, options, TestContext.Current.CancellationToken).Labels);
    }

    [Fact]
    public void NothingBeginsWhereItCameBefore()
    {
        var stopped = new CancellationToken(canceled: true);
        HostTensor input = Tiny.Input(1, 3, 32, 32);
        using var network = new Network(SpNetGraph.Build(Tiny.Architecture), Tiny.State(), _device, "score");
        Assert.Throws<OperationCanceledException>(() => _net.Segment(_image, cancellation: stopped));
        Assert.Throws<OperationCanceledException>(() => _net.Forward(input, stopped));
        Assert.Throws<OperationCanceledException>(() => network.Run([("image", input)], stopped));
        Assert.Equal(0, _device.Count);
    }

    [Fact]
    public async Task ThoseWhoWaitLeaveAtOnceAndTheOthersGetTheirTurn()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        byte[] expected = _net.Segment(_image, cancellation: cancellation).Labels;
        using var goOn = new ManualResetEventSlim();
        _device.Before = _ => goOn.Wait(cancellation);
        using var stop = new CancellationTokenSource();
        Task<LabelMap> first = _net.SegmentAsync(_image, cancellation: cancellation);
        Task<LabelMap> leaves = _net.SegmentAsync(_image, cancellation: stop.Token);
        Task<LabelMap> last = _net.SegmentAsync(_image, new() { Flip = true }, cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(first.IsCompleted || last.IsCompleted);
        goOn.Set();
        Assert.Equal(expected, (await first).Labels);
        Assert.Equal(_net.Segment(_image, new() { Flip = true }, cancellation).Labels, (await last).Labels);
    }

    [Fact]
    public async Task AMistakeIsToldBeforeTheWait()
    {
        await Assert.ThrowsAsync<ConfigurationException>(
            () => _net.SegmentAsync(_image, new() { Window = 1 }, TestContext.Current.CancellationToken));
        _net.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => _net.SegmentAsync(_image, cancellation: TestContext.Current.CancellationToken));
    }

    private static void Cancel(CancellationTokenSource stop, bool now)
    {
        if (now)
            stop.Cancel();
    }
}
