using System.Runtime.InteropServices;
using SpGpu.PtxMachine.Execution;

namespace SpGpu.CudaDriver;

/// <summary>What a stream is given. A launch is known as such, for those who look into a graph.</summary>
internal sealed class Work(Action run, LaunchParameters? launch = null)
{
    public LaunchParameters? Launch => launch;

    /// <summary>What has to come before it, in a graph.</summary>
    public IReadOnlyList<Work> After { get; set; } = [];

    /// <summary>Its number for callers.</summary>
    public IntPtr Handle { get; set; }

    public void Run() => run();
}

/// <summary>How a kernel was launched.</summary>
internal sealed record LaunchParameters(IntPtr Function, Size3 Groups, Size3 Threads, uint DynamicShared);

/// <summary>A stream does what it is given at once, or puts it into the graph that is captured.</summary>
internal sealed unsafe class CudaStream
{
    private static readonly CudaStream _default = new();

    /// <summary>The graph that is captured; null if none is.</summary>
    public CudaGraph? Capture { get; set; }

    /// <summary>What the next work comes after.</summary>
    public List<Work> Dependencies { get; } = [];

    /// <summary>The handles of these, at a place that callers may look at until the next call.</summary>
    public IntPtr* Handles { get; private set; }

    public static CudaStream Find(IntPtr handle) => handle is 0 or 1 or 2 ? _default : Driver.Get<CudaStream>(handle);

    public void Enqueue(Work work)
    {
        if (Capture is null)
        {
            work.Run();
            return;
        }
        work.After = [.. Dependencies];
        work.Handle = Driver.Handle(work);
        Capture.Add(work);
        Dependencies.Clear();
        Dependencies.Add(work);
    }

    /// <summary>Writes down the handles of the dependencies.</summary>
    public void SetHandles()
    {
        Handles = (IntPtr*)NativeMemory.Realloc(Handles, (nuint)((Dependencies.Count + 1) * sizeof(IntPtr)));
        for (int n = 0; n < Dependencies.Count; n++)
            Handles[n] = Dependencies[n].Handle;
    }

    public void Synchronize()
    {
        if (Capture is not null)
            throw new CudaException(CudaError.StreamCaptureUnsupported, "a stream in capture has nothing to wait for");
    }
}
