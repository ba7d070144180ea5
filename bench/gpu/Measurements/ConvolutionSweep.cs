using SpGpu.Gpu;
using SpGpu.Gpu.Kernels;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>
/// Every block tile and number of parts on the convolutions of SPNet-50 at 480x480, for the constants of the tuning; then the
/// rounding errors of tensor cores and of plain multiply-adds.
/// </summary>
internal static class ConvolutionSweep
{
    private const int WarmUps = 2, Runs = 5;

    /// <summary>Channels in and out, plane in, kernel and dilation.</summary>
    private static readonly (int C, int O, int H, int W, int KernelH, int KernelW, int Dilation)[] _layers =
    [
        (64, 128, 240, 240, 3, 3, 1), (64, 64, 120, 120, 3, 3, 1), (64, 256, 120, 120, 1, 1, 1), (256, 64, 120, 120, 1, 1, 1),
        (128, 128, 60, 60, 3, 3, 1), (512, 256, 60, 60, 1, 1, 1), (256, 1024, 60, 60, 1, 1, 1), (1024, 256, 60, 60, 1, 1, 1),
        (256, 256, 60, 60, 3, 3, 2), (1024, 2048, 60, 60, 1, 1, 1), (2048, 512, 60, 60, 1, 1, 1), (512, 512, 60, 60, 3, 3, 4),
        (512, 2048, 60, 60, 1, 1, 1), (2048, 512, 60, 60, 3, 3, 1), (2048, 1024, 60, 60, 1, 1, 1), (256, 256, 60, 60, 3, 3, 1),
        (512, 512, 60, 1, 3, 1, 1), (256, 256, 60, 1, 3, 1, 1), (64, 64, 120, 1, 3, 1, 1), (256, 256, 20, 20, 3, 3, 1),
        (256, 256, 12, 12, 3, 3, 1), (512, 150, 60, 60, 1, 1, 1), (64, 64, 60, 60, 3, 3, 1), (64, 64, 30, 30, 3, 3, 1),
    ];

    /// <summary>Side, threads, and whether tensor cores multiply; first what the tuning chooses.</summary>
    private static readonly (int Side, int Threads, bool TensorCores)[] _tiles =
        [(0, 0, true), (64, 64, true), (64, 128, true), (128, 256, false), (64, 64, false), (32, 256, false)];

    public static int Run(string name)
    {
        using var device = (KernelDevice)Device.Open(name);
        bool cores = device.TensorCores;
        foreach (var layer in _layers)
        {
            var shape = new Shape(1, layer.C, layer.H, layer.W);
            var convolution = new Convolution(layer.C, layer.O, new(layer.KernelH, layer.KernelW), 1,
                new(layer.KernelH / 2 * layer.Dilation, layer.KernelW / 2 * layer.Dilation), layer.Dilation)
            {
                Epilogue = Epilogue.Relu,
            };
            Tensor x = Filled(device, shape), y = Tensor.Allocate(device, convolution.Infer([shape])[0]);
            float[] weights = Numbers(layer.O * layer.C * layer.KernelH * layer.KernelW);
            using PackedWeights packed = device.Operators.Pack(convolution, weights, new float[layer.O]);
            string text = FormattableString.Invariant($"{layer.C}-{layer.O} {layer.KernelH}x{layer.KernelW} at {layer.H}x{layer.W}");
            foreach ((int side, int threads, bool tensor) in _tiles)
            {
                if (tensor && !cores && side > 0)
                    continue;
                (device.BlockTileSide, device.BlockTileThreads, device.TensorCores) = (side, threads, tensor && cores);
                foreach (int parts in side == 0 ? [0] : new[] { 1, 2, 3, 4, 6, 8, 12, 16, 24 })
                {
                    device.ConvolutionParts = parts;
                    if (parts > 1 && weights.Length / layer.O / parts < 64)
                        continue;
                    Operation operation = device.Operators.Prepare(convolution, [shape], packed);
                    double ms = Timing.Milliseconds(device, () => operation.Run([x], [y]), WarmUps, Runs);
                    double rate = convolution.Operations([shape]) / ms * 1e-9;
                    Console.WriteLine(FormattableString.Invariant(
                        $"sweep,{text},{(side == 0 ? "chosen" : "")},{operation.Variant},{ms:0.0000},{rate:0.00}"));
                }
            }
            x.Memory.Dispose();
            y.Memory.Dispose();
        }
        device.ConvolutionParts = 0;
        (device.BlockTileSide, device.BlockTileThreads) = (64, 64);
        foreach (bool tensor in cores ? [true, false] : new[] { false })
        {
            device.TensorCores = tensor;
            Error(device, tensor ? "tensor cores" : "multiply-adds");
        }
        return 0;
    }

    /// <summary>The error against sums in double precision, in units of the sum of the products' absolute values.</summary>
    private static void Error(KernelDevice device, string what)
    {
        const int channels = 4608, outputs = 64, side = 16;
        var random = new Random(2);
        var shape = new Shape(1, channels, side, side);
        // As behind a relu, where errors of one sign would add up.
        float[] pixels = [.. Enumerable.Range(0, (int)shape.Count).Select(_ => Math.Max(0, 2 * random.NextSingle() - 1))];
        float[] weights = [.. Enumerable.Range(0, outputs * channels).Select(_ => random.NextSingle() - 0.5f)];
        var convolution = new Convolution(channels, outputs, 1, 1, 0, 1);
        using PackedWeights packed = device.Operators.Pack(convolution, weights, new float[outputs]);
        Tensor x = Tensor.Allocate(device, shape), y = Tensor.Allocate(device, convolution.Infer([shape])[0]);
        x.Upload<float>(pixels);
        device.Operators.Prepare(convolution, [shape], packed).Run([x], [y]);
        var result = new float[(int)y.Shape.Count];
        y.Download<float>(result);
        double squares = 0, most = 0, mean = 0;
        for (int o = 0; o < outputs; o++)
        {
            for (int p = 0; p < side * side; p++)
            {
                double sum = 0, size = 0;
                for (int c = 0; c < channels; c++)
                {
                    double product = (double)weights[o * channels + c] * pixels[c * side * side + p];
                    sum += product;
                    size += Math.Abs(product);
                }
                double error = (result[o * side * side + p] - sum) / size;
                squares += error * error;
                mean += error * Math.Sign(sum);
                most = Math.Max(most, Math.Abs(error));
            }
        }
        int count = outputs * side * side;
        Console.WriteLine(FormattableString.Invariant($"error of {what}: root mean square {Math.Sqrt(squares / count):0.0e+0}, ")
            + FormattableString.Invariant($"most {most:0.0e+0}, mean away from zero {mean / count:0.0e+0}"));
    }

    private static Tensor Filled(Device device, Shape shape)
    {
        Tensor tensor = Tensor.Allocate(device, shape);
        tensor.Upload<float>(Numbers((int)shape.Count));
        return tensor;
    }

    private static float[] Numbers(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
