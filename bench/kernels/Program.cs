using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SpGpu.Bench.Kernels;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;

// dotnet run -c Release --project bench/kernels -- --filter '*'
// SPGPU_DEVICE names the device; the CPU's SIMD code where it names none. All in this process: the runner would
// otherwise build and start one for each case.
DeviceLimits limits;
using (Device device = OperatorBenchmarks.OpenDevice())
    limits = DeviceLimits.Measure(device);
Console.WriteLine(
    string.Create(CultureInfo.InvariantCulture,
        $"limits: {limits.GigaflopsPerSecond:F1} GFLOP/s ({limits.Compute}), {limits.GigabytesPerSecond:F1} GB/s ({limits.Memory})"));
BenchmarkSwitcher.FromTypes([typeof(OperatorBenchmarks)]).Run(args, DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumn(
        new RateColumn("GFLOP/s", @case => @case.Operations),
        new RateColumn("GB/s", @case => @case.Bytes),
        new RateColumn("% of limit", @case => 1e8 * limits.Milliseconds(@case.Operations, @case.Bytes))));
