using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.Cuda.API;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Gpu.Kernels;

/// <summary>Asks NVIDIA's management library about a GPU.</summary>
internal static class Nvml
{
    /// <summary>What holds clocks down, but for being idle.</summary>
    private static readonly (NvmlClocksThrottleReasons Reason, string Name)[] _reasons =
    [
        (NvmlClocksThrottleReasons.SwPowerCap, "power limit"),
        (NvmlClocksThrottleReasons.HwSlowdown, "hardware slowdown"),
        (NvmlClocksThrottleReasons.SyncBoost, "sync boost"),
        (NvmlClocksThrottleReasons.SwThermalSlowdown, "temperature"),
        (NvmlClocksThrottleReasons.HwThermalSlowdown, "temperature, hardware"),
        (NvmlClocksThrottleReasons.HwPowerBrakeSlowdown, "power brake"),
        (NvmlClocksThrottleReasons.ApplicationsClocksSetting, "clocks set by the user"),
    ];

    private delegate NvmlReturn Query(out uint value);

    /// <summary>Null for other accelerators, and where the library is missing or refuses.</summary>
    public static DeviceCondition? Read(Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator cuda)
            return null;
        try
        {
            using var device = NvmlDevice.CreateFromAccelerator(cuda);
            NvmlAPI api = device.API;
            IntPtr handle = device.DeviceHandle;
            return new DeviceCondition(
                Ask((out uint value) => api.DeviceGetClockInfo(handle, NvmlClockType.NVML_CLOCK_SM, out value)),
                Ask((out uint value) => api.DeviceGetMaxClockInfo(handle, NvmlClockType.NVML_CLOCK_SM, out value)),
                Ask((out uint value) => api.DeviceGetClockInfo(handle, NvmlClockType.NVML_CLOCK_MEM, out value)),
                Ask((out uint value) => api.DeviceGetTemperature(handle, NvmlTemperatureSensors.NVML_TEMPERATURE_GPU, out value)),
                Ask((out uint value) => api.DeviceGetPowerUsage(handle, out value)) / 1000,
                api.DeviceGetCurrentClocksThrottleReasons(handle, out ulong held) == NvmlReturn.NVML_SUCCESS
                    ? Names((NvmlClocksThrottleReasons)held)
                    : null);
        }
        catch (Exception error) when (error is NvmlException or DllNotFoundException or EntryPointNotFoundException
            or NotSupportedException)
        {
            // Containers often lack the library; figures then stand without their clocks.
            return null;
        }
    }

    private static double? Ask(Query query) => query(out uint value) == NvmlReturn.NVML_SUCCESS ? value : null;

    private static string[] Names(NvmlClocksThrottleReasons held) =>
        [.. _reasons.Where(reason => (held & reason.Reason) != 0).Select(reason => reason.Name)];
}
