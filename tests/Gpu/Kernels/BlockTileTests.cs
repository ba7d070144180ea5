using SpGpu.Checks;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>
/// Every block tile of the convolution and its gradients on every case, whichever <see cref="ConvolutionTuning"/> would
/// pick for this machine.
/// </summary>
public sealed class BlockTileTests
{
    [Theory, InlineData(32), InlineData(64), InlineData(128)]
    public void Agrees_with_the_reference(int side)
    {
        using var device = (KernelDevice)TestDevice.OpenNamed(TestDevice.OpenClOrSkip());
        device.BlockTileSide = side;
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Small).Where(@case => @case.IsTiled))
        {
            CheckResult result = OperatorCheck.Run(device, @case);
            Assert.True(result.Passed, $"{@case.Name} {result.Variant}: {result.Message}");
        }
    }
}
