namespace SpGpu.Gpu;

/// <summary>
/// A device that runs operators. <c>cpu</c> is SIMD code on a fixed team of threads; <c>cuda:N</c> and
/// <c>opencl:N</c> are GPUs; <c>ilgpu-cpu</c> runs the GPU kernels on ILGPU's CPU accelerator, for tests.
/// </summary>
public abstract partial class Device : IDisposable
{
    /// <summary>The name that <see cref="Open"/> takes: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the device calls itself.</summary>
    public abstract string Description { get; }

    /// <summary>The operators of this device.</summary>
    public abstract Operators Operators { get; }

    /// <summary>Held by whoever enqueues work and reads its results, so that threads do not mix theirs.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Allocates a block of 32-bit elements; what it holds at first is not defined.</summary>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public abstract DeviceMemory Allocate(int length);

    /// <summary>Waits until all work enqueued so far is done.</summary>
    public abstract void Synchronize();

    /// <summary>Puts a mark behind the work enqueued so far, for timing.</summary>
    public abstract Marker Mark();

    /// <summary>Gives back threads, memory and the driver's handles.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Name and description: <c>cpu: 8 threads, 512-bit vectors</c>.</summary>
    public override string ToString() => $"{Name}: {Description}";

    /// <summary>Gives back threads, memory and the driver's handles.</summary>
    protected abstract void Dispose(bool disposing);
}
