namespace SpGpu.Gpu;

/// <summary>
/// Work that was recorded and can be enqueued again as a whole, for less than its single launches cost. It works on the
/// memory that it was recorded with, which lives as long and is not moved.
/// </summary>
internal abstract class Recording : IDisposable
{
    private readonly Device _device;
    private readonly DeviceMemory? _workspace;
    private bool _disposed;

    /// <summary>Remembers the workspace that the work uses.</summary>
    private protected Recording(Device device) => (_device, _workspace) = (device, device.Workspace.Block);

    /// <summary>Whether the workspace is still the one that it was recorded with. Where it is not, record again.</summary>
    public bool IsCurrent => ReferenceEquals(_device.Workspace.Block, _workspace);

    /// <summary>Enqueues the work; false if the driver did not do it and nothing was enqueued.</summary>
    /// <exception cref="ObjectDisposedException">The recording or the device has been disposed.</exception>
    public bool TryReplay()
    {
        lock (_device.Lock)
        {
            _device.ThrowIfDisposed();
            ObjectDisposedException.ThrowIf(_disposed, this);
            return TryReplayCore();
        }
    }

    /// <summary>Gives it back to the driver, when what other threads run has ended.</summary>
    public void Dispose()
    {
        lock (_device.Lock)
        {
            // With the device the driver's context has gone, and all that belongs to it.
            if (!_disposed && !_device.IsDisposed)
                DisposeCore();
            _disposed = true;
        }
    }

    /// <summary>Enqueues the work.</summary>
    private protected abstract bool TryReplayCore();

    /// <summary>Gives it back to the driver; called once at most, and before the device is disposed.</summary>
    private protected abstract void DisposeCore();
}
