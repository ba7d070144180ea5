using System.Runtime.InteropServices;
using SpGpu.Gpu;
using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Profiling;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>
/// Operators that memory limits, on more of it than caches hold, beside a copy and a read. Counted is what must at least
/// move: the gradient of batch norm, which needs its sums before it can start, reads its inputs twice.
/// </summary>
internal sealed class StripBandwidth
{
    private const int Plane = 320, Runs = 11;

    private readonly Device _device;
    private readonly DeviceMemory _numbers;
    private readonly double _read;
    private double _copy;

    private StripBandwidth(Device device, DeviceMemory numbers, double read) => (_device, _numbers, _read) = (device, numbers, read);

    public static int Run(string name, int megabytes)
    {
        using Device device = Device.Open(name);
        DeviceLimits limits = DeviceLimits.Measure(device);
        double read = KernelLimits.Read((KernelDevice)device).GigabytesPerSecond;
        Figure.Print(device, $"peak, {limits.Compute}", limits.GigaflopsPerSecond, "GFLOP/s");
        Figure.Print(device, $"bandwidth, {limits.Memory}", limits.GigabytesPerSecond, "GB/s");
        Figure.Print(device, "bandwidth, a read", read, "GB/s");
        var x = new Shape(1, Math.Max(1, (int)(megabytes * 1e6 / (sizeof(float) * Plane * Plane))), Plane, Plane);
        using DeviceMemory numbers = RandomNumbers(device, (int)x.Count);
        new StripBandwidth(device, numbers, read).Measure(x);
        return 0;
    }

    private void Measure(Shape x)
    {
        (Shape column, Shape row, Shape channel) = (x with { W = 1 }, x with { H = 1 }, new(1, x.C, 1, 1));
        _copy = Time(new Pointwise(PointwiseKind.Copy), x);
        Time(new StripMeans(), x);
        Time(new StripMeans(OverHeight: false), x);
        Time(new StripMeansGradient(Plane), column, row);
        Time(new StripGate(), x, column, row);
        Time(new StripGateGradient(), x, x, column, row);
        Time(new ExpandAdd(Relu: true), column, row);
        Time(new ExpandAddGradient(Relu: true), x, column, row);
        Time(new AdaptiveAveragePool(64), x);
        Time(new AdaptiveAveragePool(1), x);
        Time(new MaxPool(3, 2, 1), x);
        Time(new UpsampleAddRelu(), x, x with { H = 64, W = 64 }, x with { H = 40, W = 40 });
        Time(new ChannelSums(), x);
        Time(new BatchStatistics(), x);
        Time(new BatchNormTransform(), x, channel, channel, channel, channel);
        Time(new BatchNormGradient(Frozen: false), x, x, channel, channel, channel);
    }

    /// <summary>10^9 bytes a second; in its line also beside a copy, or a read if less than an eighth is written.</summary>
    private double Time(Specification specification, params Shape[] shapes)
    {
        Tensor[] inputs = [.. shapes.Select(shape => new Tensor(_numbers, shape))];
        Tensor[] outputs = [.. specification.Infer(shapes).Select(shape => Tensor.Allocate(_device, shape))];
        for (int n = 0; n < outputs.Length; n++)
        {
            if (specification.Updates(n))
                outputs[n].Upload<float>(new float[outputs[n].Shape.Count]);
        }
        Operation operation = _device.Operators.Prepare(specification, shapes);
        double milliseconds = Timing.Milliseconds(_device, () => operation.Run(inputs, outputs), warmUps: 1, Runs);
        foreach (Tensor tensor in outputs)
            tensor.Memory.Dispose();
        double rate = specification.Bytes(shapes) / milliseconds * 1e-6;
        bool reads = 8 * outputs.Sum(tensor => tensor.Shape.Count) < shapes.Sum(shape => shape.Count);
        double best = reads ? _read : _copy == 0 ? rate : _copy;
        Figure.Print(_device, $"{specification} {string.Join(" ", shapes)}", rate,
            $"GB/s, {100 * rate / best:0} % of a {(reads ? "read" : "copy")}");
        return rate;
    }

    private static DeviceMemory RandomNumbers(Device device, int length)
    {
        DeviceMemory numbers = device.Allocate(length);
        var random = new Random(1);
        float[] part = [.. Enumerable.Range(0, 1 << 20).Select(_ => random.NextSingle())];
        for (int at = 0; at < length; at += part.Length)
            numbers.Upload(MemoryMarshal.AsBytes(part.AsSpan(0, Math.Min(part.Length, length - at))), sizeof(float) * (long)at);
        return numbers;
    }
}
