using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SpGpu.Gpu.Kernels;

/// <summary>What ILGPU and the drivers throw.</summary>
internal static class DriverError
{
    /// <summary>Whether an exception is one of theirs.</summary>
    public static bool Is(Exception error) => error is AcceleratorException or InternalCompilerException
        or NotSupportedException or OutOfMemoryException or OverflowException
        // A library or a function of it that is not there.
        or TypeLoadException;

    /// <summary>Whether memory, of the device or the host, ran out.</summary>
    public static bool IsOutOfMemory(Exception? error) => error switch
    {
        CudaException cuda => cuda.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY),
        CLException cl => cl.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES
            or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE,
        _ => error is OutOfMemoryException or OverflowException,
    };

    /// <summary>One line: CUDA has a sentence and a name, OpenCL a name alone.</summary>
    public static string Describe(Exception error) => (error switch
    {
        // The words of CUDA's compiler, after what they explain.
        CudaException { InnerException: CudaException inner } => $"{Describe(inner)}: {error.Message}",
        CudaException cuda => $"{error.Message} ({cuda.Error})",
        CLException { Error: not CLError.CL_SUCCESS } cl => cl.Error.ToString(),
        InternalCompilerException { InnerException: { } inner } => inner.Message,
        _ => error.Message,
    }).ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
