namespace SpGpu.Gpu;

/// <summary>
/// A block of device memory of 32-bit elements whose base is aligned to 256 bytes (64 on the CPU).
/// Tensors are parts of such blocks; allocation is slow on GPUs and happens when a plan is made, never in a run.
/// </summary>
public abstract class DeviceMemory : IDisposable
{
    private readonly Device _device;

    /// <summary>Remembers whose memory it is, and its length.</summary>
    private protected DeviceMemory(Device device, int length)
    {
        (_device, Length) = (device, length);
        device.CountMemory(Bytes);
    }

    /// <summary>The number of 32-bit elements.</summary>
    public int Length { get; }

    private long Bytes => (long)Length * sizeof(float);

    /// <summary>Whether it has been given back.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>The block itself where it lies in memory of the host, and work on it is done at once; empty elsewhere.</summary>
    internal virtual Span<float> OnHost => [];

    /// <summary>Copies from the host to bytes <paramref name="byteOffset"/> onwards; waits until it is done.</summary>
    internal void Upload(ReadOnlySpan<byte> source, long byteOffset)
    {
        CheckRange(source.Length, byteOffset);
        lock (_device.Lock)
        {
            ThrowIfDisposed();
            UploadCore(source, byteOffset);
        }
    }

    /// <summary>Copies from bytes <paramref name="byteOffset"/> onwards to the host; waits for all work before it.</summary>
    internal void Download(Span<byte> destination, long byteOffset)
    {
        CheckRange(destination.Length, byteOffset);
        lock (_device.Lock)
        {
            ThrowIfDisposed();
            DownloadCore(destination, byteOffset);
        }
    }

    /// <summary>Sets every element to zero.</summary>
    /// <exception cref="ObjectDisposedException">The memory or its device has been disposed.</exception>
    public void Clear()
    {
        lock (_device.Lock)
        {
            ThrowIfDisposed();
            ClearCore();
        }
    }

    /// <summary>Gives the memory back to the device, when what other threads run has ended.</summary>
    public void Dispose()
    {
        lock (_device.Lock)
        {
            if (!IsDisposed)
            {
                IsDisposed = true;
                Uncount();
                Dispose(true);
            }
        }
        GC.SuppressFinalize(this);
    }

    /// <exception cref="ObjectDisposedException">The memory or its device has been disposed.</exception>
    internal void ThrowIfDisposed()
    {
        _device.ThrowIfDisposed();
        ObjectDisposedException.ThrowIf(IsDisposed, this);
    }

    /// <summary>Says that the device has it back; called once.</summary>
    private protected void Uncount() => _device.CountMemory(-Bytes);

    /// <summary>Copies to a part that is within the block.</summary>
    private protected abstract void UploadCore(ReadOnlySpan<byte> source, long byteOffset);

    /// <summary>Copies from a part that is within the block.</summary>
    private protected abstract void DownloadCore(Span<byte> destination, long byteOffset);

    /// <summary>Sets the whole block to zero.</summary>
    private protected abstract void ClearCore();

    /// <summary>Gives the memory back to the device; called once.</summary>
    private protected abstract void Dispose(bool disposing);

    private void CheckRange(int bytes, long byteOffset)
    {
        if (byteOffset < 0 || byteOffset + bytes > Bytes)
            throw new ShapeException($"a copy of {bytes} bytes at {byteOffset} leaves a block of {Bytes} bytes");
    }
}
