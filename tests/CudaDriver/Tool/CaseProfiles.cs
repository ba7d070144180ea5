using SpGpu.Checks;
using SpGpu.Gpu;
using SpGpu.PtxMachine.Counting;

namespace SpGpu.CudaDriver.Tool;

/// <summary>Profiles of operator cases.</summary>
internal static class CaseProfiles
{
    /// <summary>The counts of one run of a case.</summary>
    public static KernelProfile[] Of(Counter counter, Device device, OperatorCase @case)
    {
        using var prepared = new PreparedCase(device, @case);
        return counter.Of(() =>
        {
            prepared.Run();
            device.Synchronize();
        });
    }
}
