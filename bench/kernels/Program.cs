using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SpGpu.Bench.Kernels;

// dotnet run -c Release --project bench/kernels -- --filter '*'
// SPGPU_DEVICE names the device; the CPU's SIMD code where it names none. All in this process: the runner would
// otherwise build and start one for each case.
BenchmarkSwitcher.FromTypes([typeof(OperatorBenchmarks)]).Run(args, DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumn(new RateColumn("GFLOP/s", @case => @case.Operations), new RateColumn("GB/s", @case => @case.Bytes)));
