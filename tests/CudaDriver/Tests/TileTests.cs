using SpGpu.Checks;
using SpGpu.CudaDriver.Tool;
using SpGpu.Gpu;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>Convolutions by tiles that only many pixels would choose, on the driver, which the loader has to find.</summary>
public sealed class TileTests
{
    [Fact]
    public void The_tile_of_large_tensor_products_is_right()
    {
        Assert.SkipUnless(Counter.Find() is not null, "the loader finds no libcuda.so.1 that needs no GPU: set LD_LIBRARY_PATH");
        using var device = (KernelDevice)Device.Open("cuda:0", new() { BlockTile = 64 });
        device.BlockTileThreads = 64;
        CheckResult[] results =
            [.. OperatorCases.UpTo(CaseSize.Tiny).Where(@case => @case.IsTiled).Select(@case => OperatorCheck.Run(device, @case))];
        Assert.Contains(results, result => result.Variant.Contains("tensor large", StringComparison.Ordinal));
        Assert.All(results, result => Assert.True(result.Passed, result.ToString()));
    }
}
