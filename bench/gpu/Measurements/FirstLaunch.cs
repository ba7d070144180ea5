using System.Diagnostics;
using SpGpu.Gpu;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>
/// The smallest thing that can work: one addition on four numbers. ILGPU gives the log of the driver's compiler to
/// Trace.
/// </summary>
internal static class FirstLaunch
{
    public static int Run(string name)
    {
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new ConsoleTraceListener());
        using Device device = Device.Open(name);
        Console.WriteLine($"{device.Name}: {device.Description}");
        var shape = new Shape(1, 1, 1, 4);
        Tensor a = Tensor.Allocate(device, shape), b = Tensor.Allocate(device, shape), sum = Tensor.Allocate(device, shape);
        a.Upload<float>([1, 2, 3, 4]);
        b.Upload<float>([10, 20, 30, 40]);
        long start = Stopwatch.GetTimestamp();
        Operation add = device.Operators.Prepare(new Pointwise(PointwiseKind.Add), [shape, shape]);
        Figure.Print(device, "compile one kernel", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms");
        add.Run([a, b], [sum]);
        var result = new float[4];
        sum.Download<float>(result);
        Console.WriteLine($"1 2 3 4 + 10 20 30 40 = {string.Join(' ', result)}");
        Figure.Print(device, "launch and wait, one after another", Launch(device, () => add.Run([a, b], [sum]), wait: true), "us");
        Figure.Print(device, "launch, many in a row", Launch(device, () => add.Run([a, b], [sum]), wait: false), "us");
        return result is [11, 22, 33, 44] ? 0 : 1;
    }

    /// <summary>Microseconds of a launch.</summary>
    private static double Launch(Device device, Action run, bool wait)
    {
        const int launches = 200;
        return Figure.Median(Enumerable.Range(0, 9).Select(_ =>
        {
            device.Synchronize();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < launches; i++)
            {
                run();
                if (wait)
                    device.Synchronize();
            }
            device.Synchronize();
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / launches;
        }));
    }
}
