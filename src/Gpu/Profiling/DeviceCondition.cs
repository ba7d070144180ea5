using System.Globalization;
using SpGpu.Gpu.Kernels;

namespace SpGpu.Gpu.Profiling;

/// <summary>
/// How a GPU was doing at a moment, by its driver (NVML): what clocks a figure was measured at, and whether they were
/// held down. What the driver does not tell is null.
/// </summary>
/// <param name="Megahertz">The clock of the multiprocessors.</param>
/// <param name="MostMegahertz">The highest clock that they could have.</param>
/// <param name="MemoryMegahertz">The clock of the memory.</param>
/// <param name="Celsius">The temperature of the chip.</param>
/// <param name="Watts">The power that the board drew.</param>
/// <param name="Held">Why the clocks were below the highest, in words; empty where nothing held them down.</param>
public sealed record DeviceCondition(
    double? Megahertz, double? MostMegahertz, double? MemoryMegahertz, double? Celsius, double? Watts, IReadOnlyList<string>? Held)
{
    /// <summary>Asks the driver; null where it cannot be asked: no NVIDIA GPU, or no NVML.</summary>
    public static DeviceCondition? Of(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device is KernelDevice kernels ? Nvml.Read(kernels.Accelerator) : null;
    }

    /// <summary>One line: <c>1980 of 1980 MHz, memory 2619 MHz, 43 C, 612 W, not throttled</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Number(Megahertz)} of {Number(MostMegahertz)} MHz, memory {Number(MemoryMegahertz)} MHz, {Number(Celsius)} C, " +
        $"{Number(Watts)} W, {Throttling}");

    private string Throttling => Held switch
    {
        null => "throttling unknown",
        [] => "not throttled",
        _ => $"throttled ({string.Join(", ", Held)})",
    };

    private static string Number(double? number) => number?.ToString("0", CultureInfo.InvariantCulture) ?? "-";
}
