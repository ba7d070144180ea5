using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SpGpu.CudaDriver;

/// <summary>Calls about streams and events.</summary>
internal static unsafe class StreamCalls
{
    private sealed class CudaEvent
    {
        public long Recorded { get; set; }
    }

    [UnmanagedCallersOnly(EntryPoint = "cuStreamCreate")]
    public static int Create(IntPtr* stream, uint flags) => Driver.Call("cuStreamCreate", () => *stream = Driver.Handle(new CudaStream()));

    [UnmanagedCallersOnly(EntryPoint = "cuStreamCreateWithPriority")]
    public static int Create(IntPtr* stream, uint flags, int priority) =>
        Driver.Call("cuStreamCreateWithPriority", () => *stream = Driver.Handle(new CudaStream()));

    [UnmanagedCallersOnly(EntryPoint = "cuStreamDestroy_v2")]
    public static int Destroy(IntPtr stream) =>
        Driver.Call("cuStreamDestroy", () => Driver.Remove<CudaStream>(stream));

    [UnmanagedCallersOnly(EntryPoint = "cuStreamSynchronize")]
    public static int Synchronize(IntPtr stream) => Driver.Call("cuStreamSynchronize", () => CudaStream.Find(stream).Synchronize());

    [UnmanagedCallersOnly(EntryPoint = "cuEventCreate")]
    public static int CreateEvent(IntPtr* created, uint flags) =>
        Driver.Call("cuEventCreate", () => *created = Driver.Handle(new CudaEvent()));

    [UnmanagedCallersOnly(EntryPoint = "cuEventDestroy_v2")]
    public static int DestroyEvent(IntPtr of) => Driver.Call("cuEventDestroy", () => Driver.Remove<CudaEvent>(of));

    [UnmanagedCallersOnly(EntryPoint = "cuEventRecord")]
    public static int Record(IntPtr of, IntPtr stream) => Driver.Call("cuEventRecord", () =>
    {
        CudaEvent marked = Driver.Get<CudaEvent>(of);
        CudaStream.Find(stream).Enqueue(new Work(() => marked.Recorded = Stopwatch.GetTimestamp()));
    });

    [UnmanagedCallersOnly(EntryPoint = "cuEventSynchronize")]
    public static int SynchronizeEvent(IntPtr of) => Driver.Call("cuEventSynchronize", () => Driver.Get<CudaEvent>(of));

    [UnmanagedCallersOnly(EntryPoint = "cuEventQuery")]
    public static int QueryEvent(IntPtr of) => Driver.Call("cuEventQuery", () => Driver.Get<CudaEvent>(of));

    [UnmanagedCallersOnly(EntryPoint = "cuEventElapsedTime")]
    public static int Elapsed(float* milliseconds, IntPtr from, IntPtr to) => Driver.Call("cuEventElapsedTime", () =>
    {
        long start = Driver.Get<CudaEvent>(from).Recorded, end = Driver.Get<CudaEvent>(to).Recorded;
        if (start == 0 || end == 0)
            throw new CudaException(CudaError.InvalidHandle, "an event that was never recorded");
        *milliseconds = (float)((end - start) * 1e3 / Stopwatch.Frequency);
    });
}
