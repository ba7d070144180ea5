using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>The strip operators on more memory than caches hold, beside a read and a copy of as much.</summary>
internal static class StripBandwidth
{
    private const int Plane = 320, Runs = 11;

    public static int Run(string name, int megabytes)
    {
        using Device device = Device.Open(name);
        DeviceLimits limits = DeviceLimits.Measure(device);
        Figure.Print(device, $"peak, {limits.Compute}", limits.GigaflopsPerSecond, "GFLOP/s");
        Figure.Print(device, $"bandwidth, {limits.Memory}", limits.GigabytesPerSecond, "GB/s");
        var x = new Shape(1, Math.Max(1, (int)(megabytes * 1e6 / (sizeof(float) * Plane * Plane))), Plane, Plane);
        Time(device, limits, x, new Pointwise(PointwiseKind.Copy), x);
        Time(device, limits, x, new StripMeans(), x);
        Time(device, limits, x, new StripGate(), x, x with { W = 1 }, x with { H = 1 });
        Time(device, limits, x, new ExpandAdd(Relu: true), x with { W = 1 }, x with { H = 1 });
        Time(device, limits, x, new StripMeansGradient(Plane), [.. new StripMeans().Infer([x])]);
        return 0;
    }

    private static void Time(Device device, DeviceLimits limits, Shape x, Specification specification, params Shape[] shapes)
    {
        var random = new Random(1);
        Tensor[] inputs = [.. shapes.Select(shape => Filled(device, shape, random))];
        Tensor[] outputs = [.. specification.Infer(shapes).Select(shape => Tensor.Allocate(device, shape))];
        Operation operation = device.Operators.Prepare(specification, shapes);
        operation.Run(inputs, outputs);
        double milliseconds = Figure.Median(Enumerable.Range(0, Runs).Select(_ =>
        {
            Marker start = device.Mark();
            operation.Run(inputs, outputs);
            return device.Mark().MillisecondsSince(start);
        }));
        foreach (Tensor tensor in inputs.Concat(outputs))
            tensor.Memory.Dispose();
        double rate = specification.Bytes(shapes) / milliseconds * 1e-6;
        Figure.Print(device, $"{specification.Name} {x}", rate, $"GB/s, {100 * rate / limits.GigabytesPerSecond:0} % of the bandwidth");
    }

    private static Tensor Filled(Device device, Shape shape, Random random)
    {
        Tensor tensor = Tensor.Allocate(device, shape);
        tensor.Upload<float>([.. Enumerable.Range(0, (int)shape.Count).Select(_ => 2 * random.NextSingle() - 1)]);
        return tensor;
    }
}
