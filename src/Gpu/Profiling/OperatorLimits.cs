namespace SpGpu.Gpu.Profiling;

/// <summary>
/// The limits of a device that only runs operators: the best that its own convolution and copy kernels reach on large
/// problems. So the computing limit is this library's, not the hardware's.
/// </summary>
internal static class OperatorLimits
{
    private const int Attempts = 5;

    /// <summary>A problem that takes this long is large enough: starting it costs nothing beside it.</summary>
    private const double LongEnough = 5;

    private const int MostChannels = 4096;

    /// <summary>256 MB of floats.</summary>
    private const int MostElements = 1 << 26;

    public static DeviceLimits Measure(Device device)
    {
        (double gigaflops, int channels) = Grow(64, 2, MostChannels, size => Convolve(device, size));
        (double gigabytes, int elements) = Grow(1 << 16, 4, MostElements, size => Copy(device, size));
        return new DeviceLimits(
            gigaflops, gigabytes,
            $"this library's 1x1 convolution, {channels} channels and pixels",
            FormattableString.Invariant($"a copy of {elements / 262144.0} MB"));
    }

    /// <summary>Makes a problem larger until it takes long enough or does not fit; the last rate, in 10^9 a second.</summary>
    private static (double Rate, int Size) Grow(int size, int factor, int most, Func<int, (double Work, double Milliseconds)> run)
    {
        (double work, double milliseconds) = run(size);
        while (milliseconds < LongEnough && size < most)
        {
            try
            {
                (work, milliseconds) = run(size * factor);
            }
            catch (DeviceException)
            {
                // Too little memory for the next size: the limit is that of the last one.
                break;
            }
            size *= factor;
        }
        return (work / milliseconds * 1e-6, size);
    }

    private static (double, double) Convolve(Device device, int channels)
    {
        var convolution = new Convolution(channels, channels, 1, 1, 0, 1);
        var shape = new Shape(1, channels, channels / 64, 64);
        using Weights weights = device.Operators.Pack(convolution, new float[channels * channels], new float[channels]);
        return (convolution.Operations([shape]), Fastest(device, device.Operators.Prepare(convolution, [shape], weights), shape));
    }

    private static (double, double) Copy(Device device, int elements)
    {
        var copy = new Pointwise(PointwiseKind.Copy);
        var shape = new Shape(1, 1, elements / 1024, 1024);
        return (copy.Bytes([shape]), Fastest(device, device.Operators.Prepare(copy, [shape]), shape));
    }

    private static double Fastest(Device device, Operation operation, Shape shape)
    {
        var input = Tensor.Allocate(device, shape);
        using DeviceMemory inputMemory = input.Memory;
        var output = Tensor.Allocate(device, shape);
        using DeviceMemory outputMemory = output.Memory;
        // Numbers that were left in memory may be slow ones (denormals).
        inputMemory.Clear();
        operation.Run([input], [output]);
        return Enumerable.Range(0, Attempts).Min(_ =>
        {
            Marker start = device.Mark();
            operation.Run([input], [output]);
            return device.Mark().MillisecondsSince(start);
        });
    }
}
