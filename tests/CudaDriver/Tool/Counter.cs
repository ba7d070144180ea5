using System.Runtime.InteropServices;
using System.Text.Json;
using SpGpu.PtxMachine.Counting;

namespace SpGpu.CudaDriver.Tool;

/// <summary>Counts of the driver that needs no GPU, where the loader finds it.</summary>
internal sealed unsafe class Counter
{
    private readonly delegate* unmanaged<int> _begin;
    private readonly delegate* unmanaged<IntPtr*, int> _end;

    private Counter(IntPtr library)
    {
        _begin = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "spgpuBeginCounts");
        _end = (delegate* unmanaged<IntPtr*, int>)NativeLibrary.GetExport(library, "spgpuEndCounts");
    }

    /// <summary>The driver's counter; null where there is another driver, or none.</summary>
    public static Counter? Find() =>
        NativeLibrary.TryLoad("libcuda.so.1", out IntPtr library) && NativeLibrary.TryGetExport(library, "spgpuBeginCounts", out _)
            ? new Counter(library)
            : null;

    /// <summary>What is executed meanwhile.</summary>
    public KernelProfile[] Of(Action run)
    {
        _ = _begin();
        run();
        IntPtr json;
        int error = _end(&json);
        return error == 0
            ? JsonSerializer.Deserialize(Marshal.PtrToStringUTF8(json)!, ProfileJson.Default.KernelProfileArray)!
            : throw new InvalidOperationException($"the driver ends counting with error {error}");
    }
}
