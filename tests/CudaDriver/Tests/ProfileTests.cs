using SpGpu.Checks;
using SpGpu.CudaDriver.Tool;
using SpGpu.Gpu;
using SpGpu.Gpu.Kernels;
using SpGpu.PtxMachine.Counting;
using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>What operators execute on the driver, which the loader has to find; where it does not they are skipped.</summary>
public sealed class ProfileTests
{
    private const int SectorBytes = 32;
    private static readonly Counter? _counter = Counter.Find();

    /// <summary>A thread takes four elements: one load, one store, and a comparison an element.</summary>
    [Fact]
    public void Relu_as_by_hand()
    {
        KernelProfile relu = Assert.Single(Of(new Pointwise(PointwiseKind.Relu), new(2, 3, 8, 16)));
        const int Elements = 2 * 3 * 8 * 16;
        Assert.Equal("relu", relu.Operator);
        Assert.Equal(Elements / 4, relu[InstructionKind.GlobalLoad].Threads);
        Assert.Equal(Elements / 4, relu[InstructionKind.GlobalStore].Threads);
        Assert.Equal(Elements, relu[InstructionKind.Float].Threads);
        Assert.Equal(0, relu[InstructionKind.MultiplyAdd].Threads);
        Assert.Equal(2 * Elements * sizeof(float) / SectorBytes, relu.All.Sectors);
    }

    /// <summary>
    /// Of each of its 4 steps of 8 channels and taps (27, rounded up) a group makes 64 x 64 products a channel and tap, and 64
    /// threads store 5 of 64 rows in vectors of four.
    /// </summary>
    [Fact]
    public void Convolution_as_by_hand()
    {
        var options = new DeviceOptions { BlockTile = 64, TensorCores = false };
        var specification = new Convolution(3, 5, (3, 3), (1, 1), (1, 1), (1, 1));
        KernelProfile convolution = Assert.Single(Of(specification, new(2, 3, 64, 128), options));
        const int Pixels = 2 * 64 * 128, Groups = Pixels / 64;
        Assert.Equal("convolution 3x3 gathered 64x64", convolution.Operator);
        Assert.Equal(Groups * 4 * 8 * 64 * 64, convolution[InstructionKind.MultiplyAdd].Threads);
        Assert.Equal(Pixels * 5 / 4, convolution[InstructionKind.GlobalStore].Threads);
    }

    /// <summary>
    /// Each byte is read once, and no sector twice; but for rows that end within a sector, where two steps of a group share one.
    /// </summary>
    [Theory]
    [InlineData(2, 3, 64, 128, 1.0)]
    [InlineData(2, 2, 33, 32, 1.0)]
    [InlineData(1, 3, 8, 1024, 1.0)]
    [InlineData(1, 4, 60, 60, 1.03)]
    public void Strip_means_read_each_byte_once(int n, int c, int h, int w, double most)
    {
        KernelProfile means = Assert.Single(Of(new StripMeans(), new(n, c, h, w)));
        int elements = n * c * h * w;
        Tally loads = means[InstructionKind.GlobalLoad];
        Assert.Equal(elements / 4, loads.Threads);
        Assert.InRange(loads.Sectors / ((double)elements * sizeof(float) / SectorBytes), 1.0, most);
        Assert.Equal(n * c * (h + w), means[InstructionKind.GlobalStore].Threads);
    }

    /// <summary>
    /// What a row's threads add up lies in shared memory without conflicts between banks; but for rows of an even number of
    /// threads below a warp's, whose stores cross the gap between two rows.
    /// </summary>
    [Theory]
    [InlineData(2, 3, 64, 128, 1.0)]
    [InlineData(1, 3, 8, 1024, 1.0)]
    [InlineData(1, 4, 60, 60, 1.0)]
    [InlineData(1, 2, 17, 65, 1.0)]
    [InlineData(2, 2, 33, 32, 1.42)]
    public void Strip_means_have_no_bank_conflicts(int n, int c, int h, int w, double most)
    {
        Tally means = Assert.Single(Of(new StripMeans(), new(n, c, h, w))).All;
        Assert.True(means.LeastPasses > 0);
        Assert.InRange(means.Passes, means.LeastPasses, most * means.LeastPasses);
    }

    /// <summary>The loop of every convolution has no conflicts between banks, at every tile.</summary>
    [Theory]
    [InlineData(32, 256, false)]
    [InlineData(64, 64, false)]
    [InlineData(128, 256, false)]
    [InlineData(64, 64, true)]
    [InlineData(64, 128, true)]
    public void Loops_of_convolutions_have_no_bank_conflicts(int side, int threads, bool tensorCores)
    {
        SkipWithoutCounter();
        using var device = (KernelDevice)Device.Open("cuda:0", new() { BlockTile = side, TensorCores = tensorCores });
        device.BlockTileThreads = threads;
        int loops = 0;
        foreach (OperatorCase @case in OperatorCases.UpTo(CaseSize.Tiny).Where(IsConvolution))
        {
            foreach (KernelProfile profile in CaseProfiles.Of(_counter!, device, @case))
            {
                if (profile.Loop is not { LeastPasses: > 0 } loop)
                    continue;
                loops++;
                Assert.True(loop.Passes == loop.LeastPasses, $"{profile.Operator}: {loop.Passes} passes, not {loop.LeastPasses}");
            }
        }
        Assert.True(loops > 40);
    }

    private static bool IsConvolution(OperatorCase @case) => @case.Name.Contains("convolution", StringComparison.Ordinal);

    private static KernelProfile[] Of(Specification specification, Shape input, DeviceOptions? options = null) =>
        Of(new OperatorCase(specification, [input], CaseSize.Tiny), options);

    private static KernelProfile[] Of(OperatorCase @case, DeviceOptions? options)
    {
        SkipWithoutCounter();
        using Device device = Device.Open("cuda:0", options);
        return CaseProfiles.Of(_counter!, device, @case);
    }

    private static void SkipWithoutCounter() => Assert.SkipUnless(
        _counter is not null, "the loader finds no libcuda.so.1 that counts: set LD_LIBRARY_PATH to where the driver was published");
}
