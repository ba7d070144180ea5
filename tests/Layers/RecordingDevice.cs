using SpGpu.Gpu;

namespace SpGpu.Layers.Tests;

/// <summary>A device that records work: a replay runs it again.</summary>
internal sealed class RecordingDevice(Device inner) : Device
{
    /// <summary>Whether it records, when asked.</summary>
    public bool Records { get; init; } = true;

    /// <summary>How many replays work before they fail.</summary>
    public int Replayable { get; set; } = int.MaxValue;

    /// <summary>How often it was asked to record.</summary>
    public int Asked { get; private set; }

    /// <summary>Replays that were asked for.</summary>
    public int Replays { get; private set; }

    /// <summary>Recordings that have not been given back.</summary>
    public int Alive { get; private set; }

    public override string Name => "recording";

    public override string Description => "for tests";

    public override Operators Operators => inner.Operators;

    private protected override DeviceMemory? TryAllocate(int length) => inner.Allocate(length);

    private protected override void SynchronizeCore() => inner.Synchronize();

    private protected override Marker MarkCore() => inner.Mark();

    private protected override Recording? TryRecordCore(Action enqueue)
    {
        Asked++;
        return Records ? new Repetition(this, enqueue) : null;
    }

    private protected override void Dispose(bool disposing)
    {
        // The inner device belongs to the test.
    }

    private sealed class Repetition : Recording
    {
        private readonly RecordingDevice _device;
        private readonly Action _enqueue;

        public Repetition(RecordingDevice device, Action enqueue)
            : base(device)
        {
            (_device, _enqueue) = (device, enqueue);
            device.Alive++;
        }

        private protected override bool TryReplayCore()
        {
            if (++_device.Replays > _device.Replayable)
                return false;
            _enqueue();
            return true;
        }

        private protected override void DisposeCore() => _device.Alive--;
    }
}
