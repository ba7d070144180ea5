namespace SpGpu.Gpu;

/// <summary>
/// Memory for intermediate results inside operators, one block a device: operators run one after the other, so they
/// share it, but for those of a recording, which have places of their own where they may run side by side. An operator
/// reserves what it needs when it is prepared and takes <see cref="Memory"/> anew in each run, as a later reservation may
/// have replaced the block.
/// </summary>
internal sealed class Workspace(Func<int, DeviceMemory> allocate) : IDisposable
{
    /// <summary>Loops of kernels, and groups that are not full, count up to 4,096 past the end before they stop.</summary>
    public const int MostElements = int.MaxValue - 4096;

    private DeviceMemory? _memory;
    private int _length;

    /// <summary>The block, at least as long as the longest reservation.</summary>
    public DeviceMemory Memory => _memory ?? throw new InvalidOperationException("an operator uses workspace that it did not reserve");

    /// <summary>The block, if there is one now; work that was recorded with another one is void.</summary>
    public DeviceMemory? Block => _memory;

    /// <summary>The longest reservation since it was set to zero, in 32-bit elements.</summary>
    public int Asked { get; set; }

    /// <summary>Makes sure that there are <paramref name="length"/> 32-bit elements.</summary>
    /// <exception cref="OverflowException">A kernel that counts them would run over.</exception>
    /// <exception cref="DeviceException">There is not enough memory; what was reserved before stays reserved.</exception>
    public void Reserve(long length)
    {
        if (length > MostElements)
            throw new OverflowException($"{length} elements of workspace");
        Asked = Math.Max(Asked, (int)length);
        if (_length >= length)
            return;
        Dispose();
        _memory = allocate((int)length);
        _length = (int)length;
    }

    /// <summary>Allocates again what was given up for a reservation that failed. To be called before each run.</summary>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public void Restore()
    {
        if (_memory is null && _length > 0)
            _memory = allocate(_length);
    }

    /// <summary>Gives the block back.</summary>
    public void Dispose()
    {
        _memory?.Dispose();
        _memory = null;
    }
}
