using SpGpu.Gpu;

namespace SpGpu.Tests;

/// <summary>A device that lets no more memory be allocated than a test says.</summary>
internal sealed class SmallDevice(Device inner) : Device
{
    private readonly List<DeviceMemory> _blocks = [];

    /// <summary>The most 32-bit elements that may be allocated at a time.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>32-bit elements that are allocated.</summary>
    public long Used
    {
        get
        {
            _blocks.RemoveAll(block => block.IsDisposed);
            return _blocks.Sum(block => (long)block.Length);
        }
    }

    /// <summary>The most 32-bit elements that were ever allocated at a time.</summary>
    public long Peak { get; private set; }

    public override string Name => "small";

    public override string Description => "for tests";

    public override Operators Operators => inner.Operators;

    private protected override DeviceMemory? TryAllocate(int length)
    {
        if (Used + length > Limit)
            return null;
        _blocks.Add(inner.Allocate(length));
        Peak = Math.Max(Peak, Used);
        return _blocks[^1];
    }

    private protected override void SynchronizeCore() => inner.Synchronize();

    private protected override Marker MarkCore() => inner.Mark();

    private protected override void Dispose(bool disposing)
    {
        // The inner device belongs to the test.
    }
}
