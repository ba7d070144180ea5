using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Convolution as a matrix product, weights (O x K) times pixels (K x H'W'), K = C * kh * kw, whose second factor is
/// gathered from the input on load.
/// <para>Grid (tiles of pixels, tiles of channels, images of each part of K). A group computes <see cref="IBlockTile.Side"/> channels by as
/// many pixels: rows of K pass through shared memory, <see cref="IBlockTile.Depth"/> at a time, while the next are on
/// their way to registers; two buffers, so one barrier a step. Thread (i, j) owns channels 4i..4i+3 and pixels
/// 4j..4j+3 of each half of the block tile.</para>
/// <para>Each sum runs over k = (c * kh + u) * kw + v upwards. With four splits each sums every fourth step, and the four
/// sums are added in order. Where K is parted, images are those of the first part, then those of the second, ..., and
/// <see cref="ConvolutionPartSums"/> adds them up.</para>
/// </summary>
internal static class TiledConvolutionKernel
{
    [Kernel(typeof(BlockTile128), typeof(ThreadTile8), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(BlockTile128), typeof(ThreadTile8), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(BlockTile128), typeof(ThreadTile8), typeof(Gathered<Spread>), Vectors = true)]
    [Kernel(typeof(BlockTile128), typeof(ThreadTile8), typeof(Plane), Vectors = true)]
    [Kernel(typeof(BlockTile64), typeof(ThreadTile8), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(BlockTile64), typeof(ThreadTile8), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(BlockTile64), typeof(ThreadTile8), typeof(Gathered<Spread>), Vectors = true)]
    [Kernel(typeof(BlockTile64), typeof(ThreadTile8), typeof(Plane), Vectors = true)]
    [Kernel(typeof(BlockTile32), typeof(ThreadTile4), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(BlockTile32), typeof(ThreadTile4), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(BlockTile32), typeof(ThreadTile4), typeof(Gathered<Spread>), Vectors = true)]
    [Kernel(typeof(BlockTile32), typeof(ThreadTile4), typeof(Plane), Vectors = true)]
    [Kernel(typeof(BlockTile64By128), typeof(NarrowTensorTile), typeof(Gathered<Direct>), Vectors = true, TensorCores = true)]
    [Kernel(typeof(BlockTile64By128), typeof(NarrowTensorTile), typeof(Gathered<Expanded>), Vectors = true, TensorCores = true)]
    [Kernel(typeof(BlockTile64By128), typeof(NarrowTensorTile), typeof(Gathered<Spread>), Vectors = true, TensorCores = true)]
    [Kernel(typeof(BlockTile64By128), typeof(NarrowTensorTile), typeof(Plane), Vectors = true, TensorCores = true)]
    internal static void Run<TBlockTile, TThreadTile, TSource>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<float> packed, ArrayView<Tap> taps,
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
        where TSource : struct, ISource
    {
        ArrayView<float> weights = SharedMemory.Allocate<float>(TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding);
        ArrayView<float> pixels = SharedMemory.Allocate<float>(TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding);
        int thread = Group.IdxX & (TBlockTile.Threads - 1);
        int split = Group.IdxX >> TBlockTile.LogThreadsOfSplit;
        int firstPixel = Grid.IdxX << TBlockTile.LogSide;
        int firstOutput = Grid.IdxY << TBlockTile.LogSide;
        int part = s.Images.Quotient(Grid.IdxZ);
        int image = Grid.IdxZ - part * s.Images.Value;
        int pitch = TBlockTile.Side + TThreadTile.Padding;
        int stage = TBlockTile.Depth * pitch;
        int fill = 2 * stage * split;
        int use = fill + stage;

        // Where the thread puts its weights, and how far its second chunk is from the first.
        int put = (thread >> (TBlockTile.LogSide - 2)) * pitch + 4 * (thread & ((TBlockTile.Side >> 2) - 1));
        int chunk = (4 * TBlockTile.Threads >> TBlockTile.LogSide) * pitch;
        var source = default(TSource);
        source.Begin<TBlockTile>(thread, firstPixel, image, s);
        var tile = default(TThreadTile);
        Float4 nextWeights = default, moreWeights = default, nextPixels = default, morePixels = default;

        // The first pass only fills a buffer, the last one only computes.
        int pass = TBlockTile.Splits * TBlockTile.Depth;
        int begin = part * s.PartLength;
        int end = KernelMath.Min(begin + s.PartLength, s.Inner);
        for (int first = begin; first < end + pass; first += pass)
        {
            bool fetch = first < end;
            if (fetch)
            {
                int k = first + split * TBlockTile.Depth;
                int second = k + (TBlockTile.Depth >> 1);
                nextWeights = Weights<TBlockTile>(packed, thread, k, firstOutput, s);
                nextPixels = source.Fetch<TBlockTile>(x, strip, taps, k, s);
                if (TBlockTile.Chunks == 2)
                {
                    moreWeights = Weights<TBlockTile>(packed, thread, second, firstOutput, s);
                    morePixels = source.Fetch<TBlockTile>(x, strip, taps, second, s);
                }
            }
            if (first > begin)
                tile.Multiply<TBlockTile>(weights, pixels, use, pitch, thread);
            if (fetch)
            {
                Float4.Store(weights, fill + put, nextWeights);
                source.Put<TBlockTile>(pixels, fill, pitch, nextPixels);
                if (TBlockTile.Chunks == 2)
                {
                    Float4.Store(weights, fill + chunk + put, moreWeights);
                    source.Put<TBlockTile>(pixels, fill + chunk, pitch, morePixels);
                }
            }
            KernelMath.Barrier();
            int filled = fill;
            fill = use;
            use = filled;
        }

        int row = firstOutput + TThreadTile.FirstRow<TBlockTile>(thread);
        int column = firstPixel + TThreadTile.FirstColumn<TBlockTile>(thread);
        for (int r = 0; r < TThreadTile.Rows; r++)
        {
            int output = row + (r & 3) + (r >> 2) * TThreadTile.RowGap<TBlockTile>();
            Float4 left = TBlockTile.Splits == 1 ? tile.Left : Total<TBlockTile>(weights.Cast<Float4>(), thread, r, tile.Left);
            // The splits take turns to store.
            if (output < s.Outputs && split == (r & (TBlockTile.Splits - 1)))
            {
                // Parts of a sum are without a bias.
                Float4 bias = Float4.All(s.BiasOffset >= 0 ? packed[s.BiasOffset + output] : 0f);
                ConvolutionStore.Store(residual, multiplier, y, Grid.IdxZ, output, column, bias + left, s);
                if (TThreadTile.Columns == 8)
                {
                    int right = column + TThreadTile.ColumnGap<TBlockTile>();
                    ConvolutionStore.Store(residual, multiplier, y, Grid.IdxZ, output, right, bias + tile.Right, s);
                }
            }
            tile.Next();
        }
    }

    private static Float4 Weights<TBlockTile>(ArrayView<float> packed, int thread, int k, int firstOutput, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
    {
        int column = firstOutput + 4 * (thread & ((TBlockTile.Side >> 2) - 1));
        k += thread >> (TBlockTile.LogSide - 2);
        return column < s.PackedRow ? Float4.Load(packed, k * s.PackedRow + column) : default;
    }

    /// <summary>
    /// The sums of four splits for row r, added in order. Rows alternate between two buffers: the barrier of a row then
    /// also keeps the row after the next from overwriting what is still read.
    /// </summary>
    internal static Float4 Total<TBlockTile>(ArrayView<Float4> shared, int thread, int r, Float4 own)
        where TBlockTile : struct, IBlockTile
    {
        int buffer = (r & 1) << (TBlockTile.LogThreadsOfSplit + 2);
        shared[buffer + Group.IdxX] = own;
        KernelMath.Barrier();
        buffer += thread;
        return shared[buffer] + shared[buffer + TBlockTile.Threads] + shared[buffer + 2 * TBlockTile.Threads]
            + shared[buffer + 3 * TBlockTile.Threads];
    }
}
