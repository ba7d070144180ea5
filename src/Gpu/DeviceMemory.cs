namespace SpGpu.Gpu;

/// <summary>
/// A block of device memory of 32-bit elements whose base is aligned to 256 bytes (64 on the CPU).
/// Tensors are parts of such blocks; allocation is slow on GPUs and happens when a plan is made, never in a run.
/// </summary>
public abstract class DeviceMemory : IDisposable
{
    /// <summary>Remembers the length.</summary>
    protected DeviceMemory(int length) => Length = length;

    /// <summary>The number of 32-bit elements.</summary>
    public int Length { get; }

    /// <summary>Copies from the host to bytes <paramref name="byteOffset"/> onwards; waits until it is done.</summary>
    public abstract void Upload(ReadOnlySpan<byte> source, long byteOffset);

    /// <summary>Copies from bytes <paramref name="byteOffset"/> onwards to the host; waits for all work before it.</summary>
    public abstract void Download(Span<byte> destination, long byteOffset);

    /// <summary>Sets every element to zero.</summary>
    public abstract void Clear();

    /// <summary>Gives the memory back to the device.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back to the device.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Throws if a copy of <paramref name="bytes"/> bytes at <paramref name="byteOffset"/> leaves the block.</summary>
    protected void CheckRange(int bytes, long byteOffset)
    {
        if (byteOffset < 0 || byteOffset + bytes > (long)Length * sizeof(float))
            throw new ShapeException($"a copy of {bytes} bytes at {byteOffset} leaves a block of {(long)Length * sizeof(float)} bytes");
    }
}
