using ILGPU;
using ILGPU.Runtime;

namespace SpGpu.Gpu.Kernels;

/// <summary>A buffer of an ILGPU accelerator. Kernels are given the whole of it, and offsets.</summary>
internal sealed class KernelMemory : DeviceMemory
{
    private const int Alignment = 256;

    private readonly ArrayView<float> _floats;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _buffer;

    public KernelMemory(KernelDevice device, int length) : base(length)
    {
        Device = device;
        try
        {
            // Whole vectors: a view of four floats drops an incomplete one at the end.
            _buffer = device.Accelerator.Allocate1D<float>(Math.Max(4L, (length + 3L) & ~3L));
        }
        catch (Exception error) when (error is AcceleratorException or OutOfMemoryException or OverflowException)
        {
            throw new DeviceException(FormattableString.Invariant(
                $"{device.Name}: no {length / 262144.0:F0} MiB of memory; use a smaller image, a smaller batch or windows"), error);
        }
        // OpenCL has handles instead of addresses, and the CPU takes any address.
        if (device.Accelerator.AcceleratorType == AcceleratorType.Cuda && _buffer.NativePtr % Alignment != 0)
            throw new DeviceException($"{device.Name}: the driver gave memory that is not aligned to {Alignment} bytes; update it");
        _floats = _buffer.View;
    }

    /// <summary>The device that it belongs to.</summary>
    public KernelDevice Device { get; }

    /// <summary>The block as floats. A kernel that was given a disposed one would bring the process down.</summary>
    public ArrayView<float> Floats => !_buffer.IsDisposed ? _floats : throw new ObjectDisposedException(nameof(DeviceMemory));

    /// <summary>The block as bytes.</summary>
    public ArrayView<byte> Bytes => Floats.Cast<byte>();

    public override void Upload(ReadOnlySpan<byte> source, long byteOffset)
    {
        CheckRange(source.Length, byteOffset);
        try
        {
            if (!source.IsEmpty)
                Bytes.SubView(byteOffset, source.Length).CopyFromCPU(Device.Stream, source);
        }
        catch (AcceleratorException error)
        {
            throw Device.Failed("a copy to the device", error);
        }
    }

    public override void Download(Span<byte> destination, long byteOffset)
    {
        CheckRange(destination.Length, byteOffset);
        try
        {
            if (!destination.IsEmpty)
                Bytes.SubView(byteOffset, destination.Length).CopyToCPU(Device.Stream, destination);
        }
        catch (AcceleratorException error)
        {
            throw Device.Failed("a copy from the device", error);
        }
    }

    public override void Clear() => _buffer.MemSetToZero(Device.Stream);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _buffer.Dispose();
    }
}
