using SpGpu.Gpu;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>The time of work on a device, by the device's own clock.</summary>
internal static class Timing
{
    /// <summary>The median of some runs, after others that are not timed.</summary>
    public static double Milliseconds(Device device, Action run, int warmUps, int runs)
    {
        for (int i = 0; i < warmUps; i++)
            run();
        return Figure.Median(Enumerable.Range(0, runs).Select(_ =>
        {
            Marker start = device.Mark();
            run();
            return device.Mark().MillisecondsSince(start);
        }));
    }
}
