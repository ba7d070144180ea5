using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Convolution as a matrix product, weights (O x K) times pixels (K x H'W'), K = C * kh * kw, whose second factor is
/// gathered from the input on load.
/// <para>Grid (tiles of pixels, tiles of channels, images of each part of K). A group computes <see cref="IBlockTile.Side"/> channels by as
/// many pixels: rows of K pass through shared memory, <see cref="IBlockTile.Depth"/> at a time, while the next are on
/// their way to registers; two buffers, so one barrier a step. What is to be known of a step's taps comes through shared
/// memory a step before. Thread (i, j) owns channels 4i..4i+3 and pixels
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
        int pass = TBlockTile.Splits * TBlockTile.Depth;
        int floats = TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding;
        ArrayView<float> weights = SharedMemory.Allocate<float>(TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding);
        // The taps' places lie behind the pixels, and so are aligned to vectors also where nothing reads them.
        ArrayView<float> pixels = SharedMemory.Allocate<float>(
            TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding + 2 * TBlockTile.Splits * TBlockTile.Depth * TapPlace.Floats);
        ArrayView<TapPlace> places = pixels.SubView(floats, 2 * pass * TapPlace.Floats).Cast<TapPlace>();
        int thread = TBlockTile.Splits == 1 ? Group.IdxX : Group.IdxX & (TBlockTile.Threads - 1);
        int split = TBlockTile.Splits == 1 ? 0 : Group.IdxX >> TBlockTile.LogThreadsOfSplit;
        int firstPixel = Grid.IdxX << TBlockTile.LogSide;
        int firstOutput = Grid.IdxY << TBlockTile.LogSide;
        int part = s.Images.Quotient(Grid.IdxZ);
        int image = Grid.IdxZ - part * s.Images.Value;
        int pitch = TBlockTile.Side + TThreadTile.Padding;
        int stage = TBlockTile.Depth * pitch;
        int fill = 2 * stage * split;
        int use = fill + stage;

        int begin = part * s.PartLength;
        int end = KernelMath.Min(begin + s.PartLength, s.Inner);
        int last = end - 1 - ((end - 1 - begin) & (pass - 1));
        int own = split * TBlockTile.Depth;
        int told = own;
        int tell = own + pass;
        var step = default(ConvolutionStep<TBlockTile, TSource>);
        step.Begin(taps, thread, firstPixel, firstOutput, image, begin + own, pitch, s);
        step.Tell(places, told, s);
        KernelMath.Barrier();
        step.Fetch(x, strip, packed, taps, places, told, begin + own, KernelMath.Min(begin + pass, last) + own, s);
        step.Put(weights, pixels, use, pitch);
        step.Tell(places, tell, s);
        KernelMath.Barrier();
        var tile = default(TThreadTile);
        // The last pass has nothing to fetch, and fills buffers that nobody reads.
        for (int next = begin + pass; next <= last + pass; next += pass)
        {
            (tell, told) = (told, tell);
            // The branch also keeps compilers from loading late.
            if (next <= last)
                step.Fetch(x, strip, packed, taps, places, told, next + own, KernelMath.Min(next + pass, last) + own, s);
            tile.Multiply<TBlockTile>(weights, pixels, use, pitch, thread);
            step.Put(weights, pixels, fill, pitch);
            step.Tell(places, tell, s);
            KernelMath.Barrier();
            (fill, use) = (use, fill);
        }

        int row = firstOutput + TThreadTile.FirstRow<TBlockTile>(thread);
        int column = firstPixel + TThreadTile.FirstColumn<TBlockTile>(thread);
        // Two rows written out: dropping a row moves those that follow only where the loop turns.
        for (int r = 0; r < TThreadTile.Rows; r += 2)
        {
            int output = row + (r & 3) + (r >> 2) * TThreadTile.RowGap<TBlockTile>();
            Store<TBlockTile, TThreadTile>(ref tile, weights, packed, residual, multiplier, y, thread, split, r, output, column, s);
            Store<TBlockTile, TThreadTile>(ref tile, weights, packed, residual, multiplier, y, thread, split, r + 1, output + 1, column, s);
        }
    }

    /// <summary>Stores row r of the tile, an output channel, and drops it.</summary>
    private static void Store<TBlockTile, TThreadTile>(
        ref TThreadTile tile, ArrayView<float> shared, ArrayView<float> packed, ArrayView<float> residual, ArrayView<float> multiplier,
        ArrayView<float> y, int thread, int split, int r, int output, int column, in ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
    {
        Float4 left = TBlockTile.Splits == 1 ? tile.Left : Total<TBlockTile>(shared.Cast<Float4>(), thread, r, tile.Left);
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
