using System.Globalization;
using SpGpu.Bench.GpuMachine.Measurements;
using SpGpu.Golden;
using SpGpu.Gpu.Tests;
using Xunit.Runner.InProc.SystemConsole;

namespace SpGpu.Bench.GpuMachine;

/// <summary>One program for everything that runs on a GPU machine, so that all of it shares one runtime.</summary>
internal static class Program
{
    private const string Usage = """
        usage: spgpu-gpu tool ARGUMENTS             the spgpu tool
               spgpu-gpu golden ARGUMENTS           the golden suite on the device that SPGPU_DEVICE names
               spgpu-gpu launch DEVICE              one kernel, and what the driver's compiler said
               spgpu-gpu strips DEVICE MEGABYTES    strip operators beside a read and a copy
               spgpu-gpu gates DEVICE BATCH         gates of strip pooling modules beside their convolutions
               spgpu-gpu convolutions DEVICE        block tiles and parts of SPNet-50's convolutions, and rounding errors
               spgpu-gpu step DEVICE WEIGHTS BATCH SIDE STEPS   training steps; spnet50 in place of WEIGHTS is SPNet-50
               spgpu-gpu graph DEVICE WEIGHTS SIDE BATCH RUNS   a network as launches and as a graph; spnet50 as for step
               spgpu-gpu batch DEVICE WEIGHTS SIDE BATCH   the bits of pictures alone and among others; spnet50 as for step
               spgpu-gpu memory DEVICE              what is said when memory runs out, and whether the device goes on
               spgpu-gpu jpeg FROM TO QUALITY       a folder of pictures as JPEG
        """;

    public static async Task<int> Main(string[] args)
    {
        // A dry run may take PoCL for the GPU.
        if (Environment.GetEnvironmentVariable("SPGPU_DRY") is { Length: > 0 })
            TestDevice.Prepare();
        string[] rest = args.Length > 0 ? args[1..] : [];
        try
        {
            return await Run(args.FirstOrDefault(), rest);
        }
        catch (SpGpuException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    private static async Task<int> Run(string? what, string[] rest) =>
        (what, rest) switch
        {
            ("tool", _) => Cli.Program.Main(rest),
            ("golden", _) => await new ConsoleRunner(rest, typeof(GoldenTests).Assembly).EntryPoint(Console.In, Console.Out),
            ("launch", [string device]) => FirstLaunch.Run(device),
            ("strips", [string device, string megabytes]) => StripBandwidth.Run(device, Number(megabytes)),
            ("gates", [string device, string batch]) => GateCost.Run(device, Number(batch)),
            ("convolutions", [string device]) => ConvolutionSweep.Run(device),
            ("step", [string device, string weights, string batch, string side, string steps]) =>
                TrainingStep.Run(device, weights, Number(batch), Number(side), Number(steps)),
            ("graph", [string device, string weights, string side, string batch, string runs]) =>
                GraphReplay.Run(device, weights, Number(side), Number(batch), Number(runs)),
            ("batch", [string device, string weights, string side, string batch]) =>
                BatchBits.Run(device, weights, Number(side), Number(batch)),
            ("memory", [string device]) => MemoryEnd.Run(device),
            ("jpeg", [string from, string to, string quality]) => JpegFolder.Run(from, to, Number(quality)),
            _ => Help(),
        };

    private static int Help()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
