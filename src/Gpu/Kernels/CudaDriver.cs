using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Functions of CUDA's driver that ILGPU does not call, as far as a driver has them. The context is the calling thread's:
/// bind the accelerator first.
/// </summary>
internal static unsafe class CudaDriver
{
    private const int Relaxed = 2;

    private static readonly IntPtr _library = Drivers.LoadCuda();

    private static readonly delegate* unmanaged<IntPtr, int, CudaError> _beginCapture =
        (delegate* unmanaged<IntPtr, int, CudaError>)Find("cuStreamBeginCapture_v2");

    private static readonly delegate* unmanaged<IntPtr, IntPtr*, CudaError> _endCapture =
        (delegate* unmanaged<IntPtr, IntPtr*, CudaError>)Find("cuStreamEndCapture");

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

    /// <summary>
    /// Captures what is enqueued in a stream meanwhile, without running it, as a graph that can be launched.
    /// </summary>
    /// <remarks>Relaxed: other threads, and finalisers, may allocate and free memory meanwhile.</remarks>
    /// <exception cref="CudaException">The driver does not do it. The stream is as it was before.</exception>
    public static IntPtr Capture(CudaStream stream, Action enqueue)
    {
        IntPtr graph = IntPtr.Zero, executable;
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
            Check(_instantiate(&executable, graph, 0));
            return executable;
        }
        finally
        {
            if (graph != IntPtr.Zero)
                _ = _destroy(graph);
        }
    }

    /// <summary>Enqueues a captured graph.</summary>
    /// <exception cref="CudaException">The driver does not do it.</exception>
    public static void Launch(IntPtr executable, CudaStream stream) => Check(_launch(executable, stream.StreamPtr));

    /// <summary>Gives a captured graph back; one that runs still runs to its end.</summary>
    public static void Destroy(IntPtr executable) => Check(_destroyExecutable(executable));

    private static void Check(CudaError error)
    {
        if (error != CudaError.CUDA_SUCCESS)
            throw new CudaException(error);
    }

    private static IntPtr Find(string function) =>
        _library != IntPtr.Zero && NativeLibrary.TryGetExport(_library, function, out IntPtr address) ? address : IntPtr.Zero;
}
