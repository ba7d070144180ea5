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
    [Theory, InlineData(32, 1), InlineData(64, 1), InlineData(128, 1), InlineData(64, 3)]
    public void Agrees_with_the_reference(int side, int parts)
    {
        using var device = (KernelDevice)TestDevice.OpenNamed(TestDevice.OpenClOrSkip());
        device.BlockTileSide = side;
        device.ConvolutionParts = parts;
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Small).Where(@case => @case.IsTiled))
        {
            CheckResult result = OperatorCheck.Run(device, @case);
            Assert.True(result.Passed, $"{@case.Name} {result.Variant}: {result.Message}");
        }
    }
}
