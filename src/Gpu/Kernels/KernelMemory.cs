using ILGPU;
using ILGPU.Runtime;

namespace SpGpu.Gpu.Kernels;

/// <summary>A buffer of an ILGPU accelerator. Kernels are given the whole of it, and offsets.</summary>
internal sealed class KernelMemory : DeviceMemory
{
    private const int Alignment = 256;

    private readonly ArrayView<float> _floats;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _buffer;

    private KernelMemory(KernelDevice device, int length, MemoryBuffer1D<float, Stride1D.Dense> buffer) : base(device, length)
    {
        Device = device;
        _buffer = buffer;
        _floats = buffer.View;
    }

    /// <summary>The device that it belongs to.</summary>
    public KernelDevice Device { get; }

    /// <summary>The block as floats. A kernel that was given a disposed one would bring the process down.</summary>
    public ArrayView<float> Floats => !_buffer.IsDisposed ? _floats : throw new ObjectDisposedException(nameof(DeviceMemory));

    /// <summary>The block as bytes.</summary>
    public ArrayView<byte> Bytes => Floats.Cast<byte>();

    /// <summary>Where it begins on the device, where devices have addresses.</summary>
    public ulong Address => (ulong)_buffer.NativePtr;

    /// <summary>A block; null if there is not enough memory.</summary>
    /// <exception cref="DeviceException">The driver fails otherwise.</exception>
    public static KernelMemory? TryAllocate(KernelDevice device, int length)
    {
        // Whole vectors: a view of four floats drops an incomplete one at the end.
        MemoryBuffer1D<float, Stride1D.Dense>? buffer = device.Driver.TryAllocate(Math.Max(4L, (length + 3L) & ~3L));
        if (buffer is null)
            return null;
        // OpenCL has handles instead of addresses, and the CPU takes any address.
        if (device.Accelerator.AcceleratorType != AcceleratorType.Cuda || buffer.NativePtr % Alignment == 0)
            return new KernelMemory(device, length, buffer);
        device.Driver.Free(buffer.Dispose);
        throw new DeviceException($"{device.Name}: the driver gave memory that is not aligned to {Alignment} bytes; update it");
    }

    /// <summary>A block that holds the given bytes.</summary>
    public static KernelMemory Of(KernelDevice device, ReadOnlySpan<byte> content)
    {
        DeviceMemory memory = device.Allocate(content.Length / sizeof(float));
        try
        {
            memory.Upload(content, 0);
            return (KernelMemory)memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private protected override void UploadCore(ReadOnlySpan<byte> source, long byteOffset)
    {
        if (!source.IsEmpty)
            Device.Driver.Call(DriverCall.Copy, "a copy to the device", new ToDevice(this, source, byteOffset), static copy => copy.Run());
    }

    private protected override void DownloadCore(Span<byte> destination, long byteOffset)
    {
        if (!destination.IsEmpty)
            Device.Driver.Call(DriverCall.Copy, "a copy from the device", new FromDevice(this, destination, byteOffset),
                static copy => copy.Run());
    }

    private protected override void ClearCore() =>
        Device.Driver.Call(DriverCall.Set, "clearing memory", this, static memory => memory._buffer.MemSetToZero(memory.Device.Stream));

    private protected override void Dispose(bool disposing) => Device.Driver.Free(_buffer.Dispose);

    private readonly ref struct ToDevice(KernelMemory memory, ReadOnlySpan<byte> source, long offset)
    {
        private readonly ReadOnlySpan<byte> _source = source;

        public void Run() => memory.Bytes.SubView(offset, _source.Length).CopyFromCPU(memory.Device.Stream, _source);
    }

    private readonly ref struct FromDevice(KernelMemory memory, Span<byte> destination, long offset)
    {
        private readonly Span<byte> _destination = destination;

        public void Run() => memory.Bytes.SubView(offset, _destination.Length).CopyToCPU(memory.Device.Stream, _destination);
    }
}
