namespace SpGpu.Gpu;

/// <summary>
/// Memory for intermediate results inside operators, one block a device: operators run one after the other, so they
/// share it. An operator reserves what it needs when it is prepared and takes <see cref="Memory"/> anew in each run,
/// as a later reservation may have replaced the block.
/// </summary>
internal sealed class Workspace(Func<int, DeviceMemory> allocate) : IDisposable
{
    private DeviceMemory? _memory;

    /// <summary>The block, at least as long as the longest reservation.</summary>
    public DeviceMemory Memory => _memory ?? throw new InvalidOperationException("an operator uses workspace that it did not reserve");

    /// <summary>Makes sure that there are <paramref name="length"/> 32-bit elements.</summary>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public void Reserve(int length)
    {
        if (_memory is not null && _memory.Length >= length)
            return;
        _memory?.Dispose();
        _memory = null;
        _memory = allocate(length);
    }

    /// <summary>Gives the block back.</summary>
    public void Dispose() => _memory?.Dispose();
}
