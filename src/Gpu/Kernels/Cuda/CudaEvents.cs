using System.Collections.Concurrent;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The events of a CUDA device. They can be made before the run that they time, and serve again when nobody holds their
/// mark any more.
/// </summary>
internal sealed class CudaEvents(KernelDevice device, CudaStream stream)
{
    // A stack, as finalisers use it: a bag may have been finalised before them, and then throws.
    private readonly ConcurrentStack<IntPtr> _free = [];

    /// <summary>Makes sure that so many marks need no new event.</summary>
    /// <exception cref="DeviceException">The driver makes none.</exception>
    public void Prepare(int count) => device.Driver.Call(DriverCall.Mark, "an event for timing", this, events =>
    {
        using ScopedAcceleratorBinding binding = device.Accelerator.BindScoped();
        for (int missing = count - events._free.Count; missing > 0; missing--)
            events._free.Push(Create());
    });

    /// <summary>Puts a mark behind the work enqueued so far.</summary>
    /// <exception cref="DeviceException">The driver does not do it.</exception>
    public Marker Mark() => device.Driver.Call(DriverCall.Mark, "a mark for timing", () =>
    {
        using ScopedAcceleratorBinding binding = device.Accelerator.BindScoped();
        var marker = new CudaMarker(this, _free.TryPop(out IntPtr free) ? free : Create());
        CudaDriver.Check(CudaAPI.CurrentAPI.RecordEvent(marker.Event, stream.StreamPtr));
        return marker;
    });

    /// <summary>Gives the events back that no mark holds; the others go with the context.</summary>
    public void Dispose() => device.Driver.Try(DriverCall.Free, "giving events back", () =>
    {
        using ScopedAcceleratorBinding binding = device.Accelerator.BindScoped();
        while (_free.TryPop(out IntPtr free))
            CudaDriver.Check(CudaAPI.CurrentAPI.DestroyEvent(free));
    });

    private static IntPtr Create()
    {
        CudaDriver.Check(CudaAPI.CurrentAPI.CreateEvent(out IntPtr created, CudaEventFlags.CU_EVENT_DEFAULT));
        return created;
    }

    private double Milliseconds(CudaMarker from, CudaMarker to)
    {
        lock (device.Lock)
        {
            device.ThrowIfDisposed();
            return device.Driver.Call(DriverCall.Mark, "waiting for a mark", () =>
            {
                using ScopedAcceleratorBinding binding = device.Accelerator.BindScoped();
                CudaDriver.Check(CudaAPI.CurrentAPI.SynchronizeEvent(to.Event));
                CudaDriver.Check(CudaAPI.CurrentAPI.ElapsedTime(out float milliseconds, from.Event, to.Event));
                return milliseconds;
            });
        }
    }

    private sealed class CudaMarker(CudaEvents events, IntPtr recorded) : Marker
    {
        /// <summary>Calls no driver: the event is put back, as long as there is somebody to use it.</summary>
        ~CudaMarker() => events._free.Push(Event);

        public IntPtr Event { get; } = recorded;

        public override double MillisecondsSince(Marker earlier) => events.Milliseconds((CudaMarker)earlier, this);
    }
}
