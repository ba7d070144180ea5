using System.Diagnostics.Metrics;
using SpGpu.Data;
using SpGpu.Gpu;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>What monitoring hears of pictures and memory.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly Dictionary<string, double> _sums = [];
    private readonly MeterListener _listener = new();
    private readonly Device _inner = Device.Open("cpu");
    private readonly InterruptedDevice _device;

    public MetricsTests()
    {
        // A device with a name of its own: others may be at work.
        _device = new InterruptedDevice(_inner);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "SpGpu")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _device.Dispose();
        _inner.Dispose();
    }

    [Fact]
    public void PicturesThatAreDoneCount()
    {
        var image = new RgbImage(new byte[3 * 40 * 30], 40, 30, 120, PixelOrder.Rgb);
        using (SpNet net = Tiny.Net(_device))
        {
            net.Segment(image);
            net.Segment(image, new() { Window = 32 });
            net.Segment([image, image, image]);
            Assert.Throws<OperationCanceledException>(() => net.Segment(image, cancellation: new CancellationToken(canceled: true)));
            Assert.Throws<ConfigurationException>(() => net.Segment(image, new() { Window = 1 }));
        }
        Assert.Equal(5, _sums["spgpu.pictures interrupted"]);
        Assert.InRange(_sums["spgpu.segment.duration interrupted"], 1e-3, 60_000);
    }

    [Fact]
    public void MemoryIsWhatIsAllocatedNow()
    {
        using var device = Device.Open("cpu");
        // What operators share is there from the start.
        long own = device.AllocatedBytes;
        using (SpNet net = Tiny.Net(device))
        {
            net.Segment(new RgbImage(new byte[3 * 40 * 30], 40, 30, 120, PixelOrder.Rgb));
            Assert.InRange(device.AllocatedBytes - own, 4 * SpNetGraph.Build(Tiny.Architecture).ParameterCount, 100 << 20);
            _sums.Clear();
            _listener.RecordObservableInstruments();
            // Several devices of that name may be open.
            Assert.InRange(_sums["spgpu.device.memory cpu"], device.AllocatedBytes, double.MaxValue);
        }
        long workspace = sizeof(float) * (long)(device.Workspace.Block?.Length ?? 0);
        Assert.Equal(own + workspace, device.AllocatedBytes);
        device.Dispose();
        Assert.Equal(0, device.AllocatedBytes);
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Assert.Equal("device", tags[0].Key);
        string key = $"{instrument.Name} {tags[0].Value}";
        lock (_sums)
            _sums[key] = _sums.GetValueOrDefault(key) + value;
    }
}
