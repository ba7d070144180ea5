namespace SpGpu.CudaDriver;

/// <summary>What calls return: the numbers of cuda.h.</summary>
internal static class CudaError
{
    public const int Success = 0, InvalidValue = 1, OutOfMemory = 2, InvalidDevice = 101, InvalidPtx = 218, InvalidHandle = 400,
        IllegalState = 401, NotFound = 500, IllegalAddress = 700, LaunchTimeout = 702, MisalignedAddress = 716, LaunchFailed = 719,
        StreamCaptureUnsupported = 900, Unknown = 999;

    /// <summary>Errors from here on stay: every later call fails with them.</summary>
    public const int FirstSticky = 700, FirstOfCapture = 900;

    public static bool IsSticky(int error) => error is >= FirstSticky and < FirstOfCapture;

    public static string Describe(int error) => error switch
    {
        Success => "no error",
        InvalidValue => "invalid argument",
        OutOfMemory => "out of memory",
        InvalidDevice => "invalid device ordinal",
        InvalidPtx => "a PTX JIT compilation failed",
        InvalidHandle => "invalid resource handle",
        NotFound => "named symbol not found",
        IllegalAddress => "an illegal memory access was encountered",
        LaunchTimeout => "the launch timed out and was terminated",
        MisalignedAddress => "misaligned address",
        LaunchFailed => "unspecified launch failure",
        StreamCaptureUnsupported => "operation not permitted when stream is capturing",
        _ => "unknown error",
    };
}

/// <summary>A call that fails.</summary>
internal sealed class CudaException(int error, string message = "") : Exception(message)
{
    public int Error => error;
}
