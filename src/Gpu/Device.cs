using System.Runtime.CompilerServices;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Gpu;

/// <summary>
/// A device that runs operators. <c>cpu</c> is SIMD code on a fixed team of threads; <c>cuda:N</c> and
/// <c>opencl:N</c> are GPUs; <c>ilgpu-cpu</c> runs the GPU kernels on ILGPU's CPU accelerator, for tests.
/// Calls may come from any thread; memory that one works on is its own until the results are read.
/// </summary>
public abstract partial class Device : IDisposable
{
    private readonly ConditionalWeakTable<IMemoryCache, object?> _caches = [];
    private long _allocatedBytes;

    /// <summary>Makes a device that is ready for use.</summary>
    private protected Device()
    {
        Workspace = new Workspace(Allocate);
        MemoryMetrics.Add(this);
    }

    /// <summary>The name that <see cref="Open"/> takes: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the device calls itself.</summary>
    public abstract string Description { get; }

    /// <summary>The operators of this device.</summary>
    public abstract Operators Operators { get; }

    /// <summary>
    /// Held by whoever enqueues work and reads its results, so that threads do not mix theirs. Single calls take it
    /// themselves, and so does disposal: it waits until the device is free.
    /// </summary>
    internal Lock Lock { get; } = new();

    /// <summary>Intermediate results of operators.</summary>
    internal Workspace Workspace { get; }

    /// <summary>Whether it has been disposed.</summary>
    internal bool IsDisposed { get; private set; }

    /// <summary>Bytes of its memory that are allocated.</summary>
    internal long AllocatedBytes => Interlocked.Read(ref _allocatedBytes);

    /// <summary>
    /// Allocates a block of 32-bit elements; what it holds at first is not defined. Where memory is short, plans that
    /// are only kept are given up first.
    /// </summary>
    /// <exception cref="DeviceMemoryException">There is not enough memory.</exception>
    /// <exception cref="ObjectDisposedException">The device has been disposed.</exception>
    public DeviceMemory Allocate(int length)
    {
        lock (Lock)
        {
            ThrowIfDisposed();
            if (TryAllocate(length) is { } memory)
                return memory;
            GiveUpCaches();
            return TryAllocate(length) ?? throw new DeviceMemoryException(
                $"{Name} has no {Bytes(4L * length)} of memory left; " +
                "use a smaller image, a smaller batch or windows, or end what else uses its memory");
        }
    }

    /// <summary>Waits until all work enqueued so far is done.</summary>
    /// <exception cref="DeviceException">The device failed at it.</exception>
    /// <exception cref="ObjectDisposedException">The device has been disposed.</exception>
    public void Synchronize()
    {
        lock (Lock)
        {
            ThrowIfDisposed();
            SynchronizeCore();
        }
    }

    /// <summary>Puts a mark behind the work enqueued so far, for timing.</summary>
    /// <exception cref="DeviceException">The device failed.</exception>
    /// <exception cref="ObjectDisposedException">The device has been disposed.</exception>
    public Marker Mark()
    {
        lock (Lock)
        {
            ThrowIfDisposed();
            return MarkCore();
        }
    }

    /// <summary>
    /// Gives back threads, memory and the driver's handles, when what other threads run has ended. What is asked of the
    /// device afterwards throws <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        lock (Lock)
        {
            if (!IsDisposed)
            {
                IsDisposed = true;
                Workspace.Dispose();
                Dispose(true);
            }
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>Name and description: <c>cpu: 8 threads, 512-bit vectors</c>.</summary>
    public override string ToString() => $"{Name}: {Description}";

    /// <summary>
    /// Makes ready so many marks at once, so that <see cref="Mark"/> does not make them while a run goes that is timed. The
    /// caller holds <see cref="Lock"/>.
    /// </summary>
    internal virtual void PrepareMarks(int count)
    {
    }

    /// <summary>Whether <see cref="TryRecord"/> is worth a try.</summary>
    internal virtual bool CanRecord => false;

    /// <summary>
    /// Records steps of work without running them; null if the device cannot. They have been run once before, so that all
    /// that drivers put off to the first time is done.
    /// </summary>
    /// <param name="after">For each step the earlier ones that it has to come after, directly; others may run at the same time.</param>
    /// <param name="enqueue">
    /// Enqueues a step: operations on tensors whose memory outlives the recording; nothing is copied from or to the host.
    /// </param>
    /// <exception cref="DeviceException">There is not enough memory for the workspace.</exception>
    /// <exception cref="ObjectDisposedException">The device, or what the work needs, has been disposed.</exception>
    internal Recording? TryRecord(IReadOnlyList<int[]> after, Action<int> enqueue)
    {
        lock (Lock)
        {
            ThrowIfDisposed();
            Workspace.Restore();
            return TryRecordCore(after, enqueue);
        }
    }

    /// <summary>
    /// What the driver says of the launches of a kernel, without running it; empty if it says nothing. It has run once before.
    /// The caller holds <see cref="Lock"/>.
    /// </summary>
    internal virtual IReadOnlyList<KernelLaunch> LaunchesOf(string kernel, Action enqueue) => [];

    /// <summary>Counts bytes that have been allocated, or given back where they are less than 0.</summary>
    internal void CountMemory(long bytes) => Interlocked.Add(ref _allocatedBytes, bytes);

    /// <summary>Calls upon a cache, which the device does not keep alive, where memory is short.</summary>
    internal void Register(IMemoryCache cache) => _caches.AddOrUpdate(cache, null);

    /// <summary>Lets every cache give up what it can make again. The caller holds <see cref="Lock"/>.</summary>
    internal void GiveUpCaches()
    {
        foreach ((IMemoryCache cache, _) in _caches)
            cache.GiveUp();
    }

    /// <exception cref="ObjectDisposedException">The device has been disposed.</exception>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);

    /// <summary>Allocates a block; null if there is not enough memory.</summary>
    private protected abstract DeviceMemory? TryAllocate(int length);

    /// <summary>Waits for the work of a device that has not been disposed.</summary>
    private protected abstract void SynchronizeCore();

    /// <summary>Marks the work of a device that has not been disposed.</summary>
    private protected abstract Marker MarkCore();

    /// <summary>Records work on a device that has not been disposed; null if it cannot.</summary>
    private protected virtual Recording? TryRecordCore(IReadOnlyList<int[]> after, Action<int> enqueue) => null;

    /// <summary>Gives back threads, memory and the driver's handles; called once.</summary>
    private protected abstract void Dispose(bool disposing);

    private static string Bytes(long count) => FormattableString.Invariant(count switch
    {
        < 1 << 10 => $"{count} bytes",
        < 1 << 20 => $"{count / 1024.0:0.#} KiB",
        _ => $"{count / 1048576.0:N0} MiB",
    });
}
