using SpGpu.Gpu;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>
/// The gate of a strip pooling module, which expands two strips, convolves by 1x1, takes the sigmoid and multiplies, beside its
/// convolution alone; at the sizes of SPNet-50.
/// </summary>
internal static class GateCost
{
    private const int WarmUps = 3, Runs = 21;

    private static readonly (int Channels, int Side)[] _modules = [(64, 120), (128, 60), (256, 60), (512, 60)];

    public static int Run(string name, int batch)
    {
        using Device device = Device.Open(name);
        foreach ((int channels, int side) in _modules)
        {
            var x = new Shape(batch, channels, side, side);
            var alone = new Convolution(channels, channels, 1, 1, 0, 1);
            Convolution gate = alone with { ExpandAddRelu = true, Epilogue = Epilogue.Sigmoid | Epilogue.Multiply };
            double first = Milliseconds(device, alone, x), second = Milliseconds(device, gate, x with { W = 1 }, x with { H = 1 }, x);
            Figure.Print(
                device, FormattableString.Invariant($"gate {x} by its convolution of {1000 * first:0.0} us"), second / first, "times");
        }
        return 0;
    }

    private static double Milliseconds(Device device, Convolution convolution, params Shape[] shapes)
    {
        var random = new Random(1);
        using PackedWeights packed = device.Operators.Pack(
            convolution, Numbers(convolution.InChannels * convolution.OutChannels), Numbers(convolution.OutChannels));
        Tensor[] inputs = [.. shapes.Select(shape => Tensor.Allocate(device, shape))], outputs =
            [Tensor.Allocate(device, convolution.Infer(shapes)[0])];
        foreach (Tensor input in inputs)
            input.Upload<float>(Numbers((int)input.Shape.Count));
        Operation operation = device.Operators.Prepare(convolution, shapes, packed);
        double time = Timing.Milliseconds(device, () => operation.Run(inputs, outputs), WarmUps, Runs);
        foreach (Tensor tensor in inputs.Concat(outputs))
            tensor.Memory.Dispose();
        return time;

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
