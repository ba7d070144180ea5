using SpGpu.Checks;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>A kernel that lacks its mark would escape the checks of generated code.</summary>
public sealed class KernelCatalogTests
{
    [Fact]
    public void Every_kernel_of_a_case_is_marked()
    {
        using var device = (KernelDevice)TestDevice.OpenNamed("ilgpu-cpu");
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Small))
        {
            using PackedWeights? weights = Pack(device, @case.Specification);
            device.Operators.Prepare(@case.Specification, @case.Inputs.AsSpan(), weights);
        }
        IEnumerable<KernelVariant> loaded = device.Loaded.Select(method => new KernelVariant(method, new()));
        Assert.Empty(loaded.Select(kernel => kernel.Name).Except(KernelCatalog.All.Select(kernel => kernel.Name)));
    }

    private static PackedWeights? Pack(KernelDevice device, Specification specification) =>
        specification.PackedLengths is var (weights, biases)
            ? device.Operators.Pack(specification, new float[(int)weights], new float[biases])
            : null;
}
