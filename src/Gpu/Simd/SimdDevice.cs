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

    /// <exception cref="ConfigurationException">No such number of threads.</exception>
    public SimdDevice(DeviceOptions options)
    {
        int threads = options.Threads;
        if (threads is < 0 or > MostThreads)
            throw new ConfigurationException($"{threads} threads; give 1 to {MostThreads}, or 0 for one a processor");
        EarlyCompilation.Start();
        Team = new Team(threads == 0 ? Environment.ProcessorCount : threads);
        Scratch = new PanelScratch[Team.Size];
        for (int i = 0; i < Scratch.Length; i++)
            Scratch[i] = new PanelScratch(this);
        Winograd = options.Winograd;
        Operators = new SimdOperators(this);
    }

    public override string Name => "cpu";

    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"{Team.Size} {(Team.Size == 1 ? "thread" : "threads")}, " +
        $"{(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 8 * Vector<byte>.Count)}-bit vectors");

    public override Operators Operators { get; }

    /// <summary>The threads.</summary>
    public Team Team { get; }

    /// <summary>What convolutions pack pixels into, one a thread.</summary>
    public PanelScratch[] Scratch { get; }

    /// <summary>Whether 3x3 convolutions and their gradients may be computed by Winograd's algorithm.</summary>
    public bool Winograd { get; }

    private protected override DeviceMemory? TryAllocate(int length) => SimdMemory.TryAllocate(this, length);

    private protected override void SynchronizeCore()
    {
        // Operators are done when they return.
    }

    private protected override Marker MarkCore() => new Tick(Stopwatch.GetTimestamp());

    private protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        Team.Dispose();
        foreach (PanelScratch scratch in Scratch)
            scratch.Dispose();
    }

    private sealed class Tick(long timestamp) : Marker
    {
        private readonly long _timestamp = timestamp;

        public override double MillisecondsSince(Marker earlier) =>
            Stopwatch.GetElapsedTime(((Tick)earlier)._timestamp, _timestamp).TotalMilliseconds;
    }
}
