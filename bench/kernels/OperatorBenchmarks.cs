using BenchmarkDotNet.Attributes;
using SpGpu.Checks;
using SpGpu.Gpu;

namespace SpGpu.Bench.Kernels;

/// <summary>One run of an operator on the shapes that SPNet-50 has at 480 x 480, in training at 225 x 225, data in place.</summary>
public class OperatorBenchmarks
{
    private Device? _device;
    private PreparedCase? _prepared;

    public static IEnumerable<BenchmarkCase> Cases =>
        OperatorCases.All.Where(c => c.Size == CaseSize.Large).Concat(BeyondCaches).Select(c => new BenchmarkCase(c));

    /// <summary>Strips on more memory than caches hold, and the copy that they are held against.</summary>
    private static IEnumerable<OperatorCase> BeyondCaches
    {
        get
        {
            var x = new Shape(1, 1024, 256, 256);
            yield return new OperatorCase(new StripMeans(), [x], CaseSize.Large);
            yield return new OperatorCase(new StripGate(), [x, x with { W = 1 }, x with { H = 1 }], CaseSize.Large);
            yield return new OperatorCase(new Pointwise(PointwiseKind.Copy), [x], CaseSize.Large);
        }
    }

    [ParamsSource(nameof(Cases))]
    public BenchmarkCase? Case { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _device = OpenDevice();
        _prepared = new PreparedCase(_device, Case!.Operator);
    }

    [Benchmark]
    public void Run()
    {
        _prepared!.Run();
        _device!.Synchronize();
    }

    public static Device OpenDevice() =>
        Device.Open(Environment.GetEnvironmentVariable("SPGPU_DEVICE") is { Length: > 0 } name ? name : "cpu");

    [GlobalCleanup]
    public void Dispose()
    {
        _prepared?.Dispose();
        _device?.Dispose();
    }
}
