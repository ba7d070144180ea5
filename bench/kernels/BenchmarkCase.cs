using SpGpu.Checks;

namespace SpGpu.Bench.Kernels;

/// <summary>An operator case as a benchmark's parameter: short name, work of one run.</summary>
public sealed record BenchmarkCase(OperatorCase Operator)
{
    public long Operations => Operator.Specification.Operations(Operator.Inputs.AsSpan());

    public long Bytes => Operator.Specification.Bytes(Operator.Inputs.AsSpan());

    public override string ToString() => Operator.Name;
}
