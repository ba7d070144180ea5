using System.Runtime.Intrinsics;
using SpGpu.Checks;
using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Simd;

/// <summary>The operator tests, which compare results, reach the gradient that takes planes as they lie.</summary>
public sealed class PointwiseFilterGradientTests
{
    [Fact]
    public void Cases_have_planes_of_whole_vectors_and_others_and_tiles_that_overlap()
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "vectors of 128 bits or none: sums run over packed pixels");
        using Device device = Device.Open("cpu");
        List<OperatorCase> taken = [];
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Small).Where(@case => @case.Specification is ConvolutionFilterGradient))
        {
            using var prepared = new PreparedCase(device, @case);
            if (prepared.Operation is PointwiseFilterGradientSimd)
                taken.Add(@case);
        }
        Assert.Contains(taken, @case => @case.Inputs[0].Plane % DotKernel.Lanes == 0);
        Assert.Contains(taken, @case => @case.Inputs[0].Plane % DotKernel.Lanes != 0 && @case.Inputs[0].Plane > 2 * DotKernel.Lanes);
        Assert.Contains(taken, @case => @case.Inputs[0].C % DotKernel.Rows != 0 && @case.Inputs[1].C % DotKernel.Columns != 0);
        Assert.Contains(taken, @case => @case.Inputs[0].N > 1);
    }
}
