using BenchmarkDotNet.Attributes;
using SpGpu.Gpu;
using SpGpu.Gpu.Checks;

namespace SpGpu.Bench.Kernels;

/// <summary>One run of an operator on the shapes that SPNet-50 has at 480 x 480, in training at 225 x 225, data in place.</summary>
public class OperatorBenchmarks
{
    private Device? _device;
    private PreparedCase? _prepared;

    public static IEnumerable<BenchmarkCase> Cases => OperatorCases.All.Where(c => c.Size == CaseSize.Large).Select(c => new BenchmarkCase(c));

    [ParamsSource(nameof(Cases))]
    public BenchmarkCase? Case { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable("SPGPU_DEVICE") is { Length: > 0 } name ? name : "cpu");
        _prepared = new PreparedCase(_device, Case!.Operator, new CaseData(Case.Operator));
    }

    [Benchmark]
    public void Run()
    {
        _prepared!.Run();
        _device!.Synchronize();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _prepared?.Dispose();
        _device?.Dispose();
    }
}
