using ILGPU;
using ILGPU.Runtime;
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
        Assert.Empty(Unmarked(device));
    }

    [Fact]
    public void A_kernel_without_its_mark_is_found()
    {
        using var device = (KernelDevice)TestDevice.OpenNamed("ilgpu-cpu");
        device.Load<Action<AcceleratorStream, KernelConfig, ArrayView<float>>>(Planted);
        Assert.Equal(["KernelCatalogTests.Planted"], Unmarked(device));
    }

    private static IEnumerable<string> Unmarked(KernelDevice device) =>
        device.Loaded.Select(method => new KernelVariant(method, new()).Name).Except(KernelCatalog.All.Select(kernel => kernel.Name));

    private static void Planted(ArrayView<float> x) => x[Group.IdxX] = 0f;

    private static PackedWeights? Pack(KernelDevice device, Specification specification) =>
        specification.PackedLengths is var (weights, biases)
            ? device.Operators.Pack(specification, new float[(int)weights], new float[biases])
            : null;
}
