using SpGpu.Gpu;

namespace SpGpu.Layers.Tests;

/// <summary>
/// A device that records work. A replay runs it again in an order that is as far from the recorded one as what was said of
/// the steps allows.
/// </summary>
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

    /// <summary>Steps that were run before an earlier one.</summary>
    public int Overtaken { get; private set; }

    /// <summary>Recordings that have not been given back.</summary>
    public int Alive { get; private set; }

    public override string Name => "recording";

    public override string Description => "for tests";

    public override Operators Operators => inner.Operators;

    internal override bool CanRecord => true;

    private protected override DeviceMemory? TryAllocate(int length) => inner.Allocate(length);

    private protected override void SynchronizeCore() => inner.Synchronize();

    private protected override Marker MarkCore() => inner.Mark();

    private protected override Recording? TryRecordCore(IReadOnlyList<int[]> after, Action<int> enqueue)
    {
        Asked++;
        return Records ? new Repetition(this, after, enqueue) : null;
    }

    private protected override void Dispose(bool disposing)
    {
        // The inner device belongs to the test.
    }

    private sealed class Repetition : Recording
    {
        private readonly RecordingDevice _device;
        private readonly IReadOnlyList<int[]> _after;
        private readonly Action<int> _enqueue;

        public Repetition(RecordingDevice device, IReadOnlyList<int[]> after, Action<int> enqueue)
            : base(device)
        {
            (_device, _after, _enqueue) = (device, after, enqueue);
            device.Alive++;
        }

        private protected override bool TryReplayCore()
        {
            if (++_device.Replays > _device.Replayable)
                return false;
            var left = Enumerable.Range(0, _after.Count).ToList();
            while (left.Count > 0)
            {
                int last = left.FindLast(step => !_after[step].Any(left.Contains));
                _enqueue(last);
                left.Remove(last);
                if (left.Count > 0 && left.Min() < last)
                    _device.Overtaken++;
            }
            return true;
        }

        private protected override void DisposeCore() => _device.Alive--;
    }
}
