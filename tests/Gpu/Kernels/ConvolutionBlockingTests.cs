using ILGPU;
using ILGPU.Runtime.CPU;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>How convolutions are cut into groups, also for tensor cores that this machine does not have.</summary>
public sealed class ConvolutionBlockingTests
{
    /// <summary>Outputs and inner dimensions of SPNet-50 at 480x480, of strips and of pools.</summary>
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 512, 60, 60, 4608 }, { 2048, 60, 60, 512 }, { 512, 60, 1, 1536 },
        { 256, 12, 12, 2304 }, { 16, 240, 240, 27 }, { 64, 3, 5, 8 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void The_batch_decides_neither_order_nor_parts(int channels, int height, int width, int inner)
    {
        using var device = (KernelDevice)TestDevice.OpenNamed("ilgpu-cpu");
        foreach (bool tensorCores in new[] { false, true })
        {
            device.TensorCores = tensorCores;
            var one = ConvolutionBlocking.For(device, new Shape(1, channels, height, width), inner, copied: true);
            foreach (int count in new[] { 2, 8, 31 })
            {
                var many = ConvolutionBlocking.For(device, new Shape(count, channels, height, width), inner, copied: true);
                Assert.Equal((one.Tile.Order, one.Parts, one.PartLength), (many.Tile.Order, many.Parts, many.PartLength));
            }
            Assert.InRange(inner, (one.Parts - 1) * one.PartLength + 1, one.Parts * one.PartLength);
        }
    }

    /// <summary>So many pixels that the tile of 64 threads is done first, which has no kernel for what goes through registers.</summary>
    [Theory, InlineData(true, 64), InlineData(false, 128)]
    public void Tiles_are_those_that_there_is_a_kernel_for(bool copied, int threads)
    {
        using var context = Context.Create(builder => builder.CPU(new CPUDevice(KernelDevice.MostThreads, 1, 1)).EnableSpGpu());
        using var accelerator = context.GetCPUDevice(0).CreateAccelerator(context);
        using var device = (KernelDevice)Device.From(accelerator);
        device.TensorCores = true;
        var large = new Shape(8, 64, 240, 240);
        Assert.Equal(threads, ConvolutionBlocking.For(device, large, inner: 27, copied).Tile.Threads);
        Assert.Equal(128, ConvolutionBlocking.ForProducts(device, large, inner: 1024).Tile.Threads);
    }

    [Fact]
    public void Parts_that_could_not_be_counted_are_done_without()
    {
        using var device = (KernelDevice)TestDevice.OpenNamed("ilgpu-cpu");
        device.ConvolutionParts = 4;
        Assert.Equal(4, ConvolutionBlocking.For(device, new Shape(1, 512, 60, 60), 4608, copied: true).Parts);
        Assert.Equal(1, ConvolutionBlocking.For(device, new Shape(400, 512, 60, 60), 4608, copied: true).Parts);
    }

    /// <summary>Images and parts are along one axis of the grid, which CUDA limits.</summary>
    [Theory, InlineData(32_767, 2), InlineData(32_768, 1)]
    public void So_many_images_do_without_parts(int images, int parts)
    {
        using var device = (KernelDevice)TestDevice.OpenNamed("ilgpu-cpu");
        device.ConvolutionParts = 2;
        Assert.Equal(parts, ConvolutionBlocking.For(device, new Shape(images, 1, 1, 1), inner: 64, copied: true).Parts);
    }

    [Fact]
    public void Threads_share_out_the_block_tile()
    {
        EachOnce<BlockTile64, TensorTile>();
        EachOnce<BlockTile64By128, NarrowTensorTile>();
        EachOnce<BlockTile128, ThreadTile8>();
        EachOnce<BlockTile64, ThreadTile8>();
        EachOnce<BlockTile32, ThreadTile4>();
    }

    [Theory, InlineData(8, 9), InlineData(16, 1), InlineData(24, 3)]
    public void Channels_last_is_another_order_of_the_same_rows(int channels, int taps)
    {
        var layout = new ConvolutionLayout(Outputs: 5, channels, taps, ChannelsLast: true);
        Assert.Equal(Enumerable.Range(0, layout.Inner), Enumerable.Range(0, layout.Inner).Select(layout.RowOf).Order());
        // Channel 1 of tap 0, and channel 0 of the last tap.
        Assert.Equal(1, layout.RowOf(taps));
        Assert.Equal((taps - 1) * channels, layout.RowOf(taps - 1));
    }

    private static void EachOnce<TBlockTile, TThreadTile>()
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
    {
        var places = new List<int>();
        for (int thread = 0; thread < TBlockTile.Threads; thread++)
        {
            for (int r = 0; r < TThreadTile.Rows; r++)
            {
                int row = TThreadTile.FirstRow<TBlockTile>(thread) + (r & 3) + (r >> 2) * TThreadTile.RowGap<TBlockTile>();
                for (int c = 0; c < TThreadTile.Columns; c++)
                {
                    int column = TThreadTile.FirstColumn<TBlockTile>(thread) + (c & 3) + (c >> 2) * TThreadTile.ColumnGap<TBlockTile>();
                    places.Add(row * TBlockTile.Side + column);
                }
            }
        }
        Assert.Equal(Enumerable.Range(0, TBlockTile.Side * TBlockTile.Side), places.Order());
    }
}
