using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Functions of CUDA's driver that ILGPU does not call, as far as a driver has them. The context is the calling thread's:
/// bind the accelerator first.
/// </summary>
internal static unsafe class CudaDriver
{
    private const int Relaxed = 2, SetDependencies = 1;

    private static readonly IntPtr _library = Drivers.LoadCuda();

    private static readonly delegate* unmanaged<IntPtr, int, CudaError> _beginCapture =
        (delegate* unmanaged<IntPtr, int, CudaError>)Find("cuStreamBeginCapture_v2");

    private static readonly delegate* unmanaged<IntPtr, IntPtr*, CudaError> _endCapture =
        (delegate* unmanaged<IntPtr, IntPtr*, CudaError>)Find("cuStreamEndCapture");

    private static readonly delegate* unmanaged<IntPtr, int*, ulong*, IntPtr*, IntPtr**, nuint*, CudaError> _captureInfo =
        (delegate* unmanaged<IntPtr, int*, ulong*, IntPtr*, IntPtr**, nuint*, CudaError>)Find("cuStreamGetCaptureInfo_v2");

    private static readonly delegate* unmanaged<IntPtr, IntPtr*, nuint, uint, CudaError> _updateDependencies =
        (delegate* unmanaged<IntPtr, IntPtr*, nuint, uint, CudaError>)Find("cuStreamUpdateCaptureDependencies");

    private static readonly delegate* unmanaged<IntPtr*, IntPtr, ulong, CudaError> _instantiate =
        (delegate* unmanaged<IntPtr*, IntPtr, ulong, CudaError>)Find("cuGraphInstantiateWithFlags");

    private static readonly delegate* unmanaged<IntPtr, IntPtr, CudaError> _launch =
        (delegate* unmanaged<IntPtr, IntPtr, CudaError>)Find("cuGraphLaunch");

    private static readonly delegate* unmanaged<IntPtr, CudaError> _destroy =
        (delegate* unmanaged<IntPtr, CudaError>)Find("cuGraphDestroy");

    private static readonly delegate* unmanaged<IntPtr, CudaError> _destroyExecutable =
        (delegate* unmanaged<IntPtr, CudaError>)Find("cuGraphExecDestroy");

    /// <summary>Whether the driver captures launches and replays them; drivers for CUDA 11.4 and later do.</summary>
    public static bool HasGraphs =>
        _beginCapture != null && _endCapture != null && _instantiate != null && _launch != null && _destroy != null
        && _destroyExecutable != null;

    /// <summary>Whether what is captured can be told what it has to come after; drivers for CUDA 11.3 and later can.</summary>
    public static bool HasDependencies => _captureInfo != null && _updateDependencies != null;

    /// <summary>Captures what is enqueued in a stream meanwhile, without running it, as a graph that is there for a while.</summary>
    /// <remarks>Relaxed: other threads, and finalisers, may allocate and free memory meanwhile.</remarks>
    /// <exception cref="CudaException">The driver does not do it. The stream is as it was before.</exception>
    public static TResult Capture<TResult>(CudaStream stream, Action enqueue, Func<IntPtr, TResult> use)
    {
        IntPtr graph = IntPtr.Zero;
        Check(_beginCapture(stream.StreamPtr, Relaxed));
        try
        {
            CudaError ended;
            try
            {
                enqueue();
            }
            finally
            {
                // A stream that stayed in capture would never work again.
                ended = _endCapture(stream.StreamPtr, &graph);
            }
            Check(ended);
            return use(graph);
        }
        finally
        {
            if (graph != IntPtr.Zero)
                _ = _destroy(graph);
        }
    }

    /// <summary>Makes of a graph one that can be launched, and outlives it.</summary>
    /// <exception cref="CudaException">The driver does not do it.</exception>
    public static IntPtr Instantiate(IntPtr graph)
    {
        IntPtr executable;
        Check(_instantiate(&executable, graph, 0));
        return executable;
    }

    /// <summary>What the next work that a stream in capture is given has to come after.</summary>
    /// <exception cref="CudaException">The driver does not say it.</exception>
    public static IntPtr[] Dependencies(CudaStream stream)
    {
        int status;
        ulong id;
        nuint count;
        IntPtr graph;
        IntPtr* nodes;
        Check(_captureInfo(stream.StreamPtr, &status, &id, &graph, &nodes, &count));
        return new ReadOnlySpan<IntPtr>(nodes, (int)count).ToArray();
    }

    /// <summary>Says what the next work that a stream in capture is given has to come after, and nothing else.</summary>
    /// <exception cref="CudaException">The driver does not take it.</exception>
    public static void ComeAfter(CudaStream stream, ReadOnlySpan<IntPtr> nodes)
    {
        fixed (IntPtr* first = nodes)
            Check(_updateDependencies(stream.StreamPtr, first, (nuint)nodes.Length, SetDependencies));
    }

    /// <summary>Enqueues a captured graph.</summary>
    /// <exception cref="CudaException">The driver does not do it.</exception>
    public static void Launch(IntPtr executable, CudaStream stream) => Check(_launch(executable, stream.StreamPtr));

    /// <summary>Gives a captured graph back; one that runs still runs to its end.</summary>
    public static void Destroy(IntPtr executable) => Check(_destroyExecutable(executable));

    /// <summary>Throws what the driver says, unless it is success.</summary>
    public static void Check(CudaError error)
    {
        if (error != CudaError.CUDA_SUCCESS)
            throw new CudaException(error);
    }

    /// <summary>A function of the driver; zero where it has none.</summary>
    public static IntPtr Find(string function) =>
        _library != IntPtr.Zero && NativeLibrary.TryGetExport(_library, function, out IntPtr address) ? address : IntPtr.Zero;
}
