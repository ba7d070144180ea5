using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd;

/// <summary>The processor: operators on System.Runtime.Intrinsics, a fixed team of threads.</summary>
internal sealed class SimdDevice : Device
{
    /// <summary>More than this many threads are refused as a slip of the keyboard.</summary>
    private const int MostThreads = 1024;

    private readonly Team _team;
    private readonly SimdOperators _operators;

    public SimdDevice(int threads, bool winograd)
    {
        if (threads is < 0 or > MostThreads)
            throw new ConfigurationException($"{threads} threads; give 1 to {MostThreads}, or 0 for one a processor");
        _team = new Team(threads == 0 ? Environment.ProcessorCount : threads);
        _operators = new SimdOperators(this, _team, winograd);
    }

    public override string Name => "cpu";

    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{_team.Size} {(_team.Size == 1 ? "thread" : "threads")}, {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 8 * Vector<byte>.Count)}-bit vectors");

    public override Operators Operators => _operators;

    protected override DeviceMemory? TryAllocate(int length) => SimdMemory.TryAllocate(this, length);

    protected override void SynchronizeCore()
    {
        // Operators are done when they return.
    }

    protected override Marker MarkCore() => new Tick(Stopwatch.GetTimestamp());

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _team.Dispose();
        _operators.Dispose();
    }

    private sealed class Tick(long timestamp) : Marker
    {
        private readonly long _timestamp = timestamp;

        public override double MillisecondsSince(Marker earlier) =>
            Stopwatch.GetElapsedTime(((Tick)earlier)._timestamp, _timestamp).TotalMilliseconds;
    }
}
