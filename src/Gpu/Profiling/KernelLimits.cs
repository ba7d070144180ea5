using System.Numerics;
using System.Runtime.InteropServices;
using ILGPU;
using SpGpu.Gpu.Kernels;
using MultiplyAddLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.LimitKernels.MultiplyAddScalars>;
using ReadLaunch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.LimitKernels.ReadScalars>;

namespace SpGpu.Gpu.Profiling;

/// <summary>
/// The limits of a device that runs kernels: multiply-adds on registers alone, and the faster of a read and a copy of
/// random numbers. What the network's own kernels reach plays no part.
/// </summary>
internal static class KernelLimits
{
    private const int Attempts = 5;

    /// <summary>Work that takes so many milliseconds is enough: starting it costs nothing beside it.</summary>
    private const double LongEnough = 5;

    private const int MostRounds = 1 << 14;

    /// <summary>256 MB of floats: more than the caches hold.</summary>
    private const int MostElements = 1 << 26;

    public static DeviceLimits Measure(KernelDevice device)
    {
        (double operations, _) = Grow(1, MostRounds, rounds => Compute(device, rounds));
        (double read, int readElements) = Read(device);
        (double copied, int copiedElements) = Grow(1 << 16, MostElements, elements => Copy(device, elements));
        return new DeviceLimits(
            operations, Math.Max(read, copied),
            "a loop of multiply-adds in registers",
            read >= copied ? $"a read of {Size(readElements)}, random numbers" : $"a copy of {Size(copiedElements)}, random numbers")
        {
            LaunchMilliseconds = Launch(device),
        };
    }

    /// <summary>10^9 bytes a second that are read where nothing is written, and of how many floats.</summary>
    public static (double GigabytesPerSecond, int Elements) Read(KernelDevice device) =>
        Grow(1 << 16, MostElements, elements => Read(device, elements));

    private static string Size(int elements) => FormattableString.Invariant($"{elements / 262144.0} MB");

    /// <summary>Makes work four times larger until it takes long enough or does not fit; the last rate, in 10^9 a second.</summary>
    private static (double Rate, int Size) Grow(int size, int most, Func<int, (double Work, double Milliseconds)> run)
    {
        (double work, double milliseconds) = run(size);
        while (milliseconds < LongEnough && size < most)
        {
            try
            {
                (work, milliseconds) = run(size * 4);
            }
            catch (DeviceException)
            {
                // Too little memory for the next size: the limit is that of the last one.
                break;
            }
            size *= 4;
        }
        return (work / milliseconds * 1e-6, size);
    }

    private static (double, double) Compute(KernelDevice device, int rounds)
    {
        int groups = Groups(device);
        int threads = groups * device.GroupSize;
        using var sums = (KernelMemory)device.Allocate(threads);
        MultiplyAddLaunch launch = device.Load<MultiplyAddLaunch>(LimitKernels.MultiplyAdd);
        var config = new KernelConfig(groups, device.GroupSize);
        double milliseconds = Launched(device, () => launch(device.Stream, config, sums.Floats, new(rounds, 0.999f, 0.001f)));
        return (2.0 * LimitKernels.MultiplyAddsOfRound * rounds * threads, milliseconds);
    }

    private static (double, double) Read(KernelDevice device, int elements)
    {
        // The group's size is a power of two, and so is the number of elements.
        int groups = Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)Groups(device)),
            elements / (LimitKernels.FloatsOfRound * device.GroupSize));
        int threads = groups * device.GroupSize;
        using KernelMemory numbers = RandomNumbers(device, elements);
        using var sums = (KernelMemory)device.Allocate(threads);
        ReadLaunch launch = device.Load<ReadLaunch>(LimitKernels.Read);
        var config = new KernelConfig(groups, device.GroupSize);
        int rounds = elements / (LimitKernels.FloatsOfRound * threads);
        return (4.0 * elements, Launched(device, () => launch(device.Stream, config, numbers.Floats, sums.Floats, new(rounds, threads))));
    }

    private static (double, double) Copy(KernelDevice device, int elements)
    {
        var copy = new Pointwise(PointwiseKind.Copy);
        var shape = new Shape(1, 1, elements / 1024, 1024);
        using KernelMemory numbers = RandomNumbers(device, elements);
        using DeviceMemory copied = device.Allocate(elements);
        Operation operation = device.Operators.Prepare(copy, [shape]);
        Tensor[] from = [new(numbers, shape)], to = [new(copied, shape)];
        return (copy.Bytes([shape]), Fastest(device, () => operation.Run(from, to)));
    }

    /// <summary>Four numbers are copied: the median, as a profile's rows are.</summary>
    private static double Launch(KernelDevice device)
    {
        var shape = new Shape(1, 1, 1, 4);
        using DeviceMemory from = device.Allocate(4), to = device.Allocate(4);
        Operation copy = device.Operators.Prepare(new Pointwise(PointwiseKind.Copy), [shape]);
        Tensor[] inputs = [new(from, shape)], outputs = [new(to, shape)];
        from.Clear();
        double[] times = [.. Enumerable.Range(0, 21).Select(_ => Time(device, () => copy.Run(inputs, outputs))).Order()];
        return times[times.Length / 2];
    }

    /// <summary>Groups that fill every multiprocessor with 2,048 threads.</summary>
    private static int Groups(KernelDevice device) => device.Accelerator.NumMultiprocessors * Math.Max(1, 2048 / device.GroupSize);

    /// <summary>Zeros would do for neither: memory and arithmetic draw less power on them, and clocks are higher.</summary>
    private static KernelMemory RandomNumbers(KernelDevice device, int elements)
    {
        var memory = (KernelMemory)device.Allocate(elements);
        var part = new float[Math.Min(elements, 1 << 20)];
        var random = new Random(1);
        for (int i = 0; i < part.Length; i++)
            part[i] = random.NextSingle() - 0.5f;
        for (int at = 0; at < elements; at += part.Length)
            memory.Upload(MemoryMarshal.AsBytes<float>(part), 4L * at);
        return memory;
    }

    private static double Launched(KernelDevice device, Action launch) =>
        Fastest(device, () => device.Driver.Call(DriverCall.Launch, "measuring the limits", launch, launch => launch()));

    private static double Fastest(KernelDevice device, Action run)
    {
        run();
        return Enumerable.Range(0, Attempts).Min(_ => Time(device, run));
    }

    private static double Time(KernelDevice device, Action run)
    {
        Marker start = device.Mark();
        run();
        return device.Mark().MillisecondsSince(start);
    }
}
