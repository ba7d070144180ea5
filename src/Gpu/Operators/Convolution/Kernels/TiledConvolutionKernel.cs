using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Convolution as a matrix product, weights (O x K) times pixels (K x H'W'), K = C * kh * kw, whose second factor is
/// gathered from the input on load.
/// <para>Grid (tiles of pixels, tiles of channels, images). A group computes <see cref="IBlockTile.Side"/> channels by as
/// many pixels: rows of K pass through shared memory, <see cref="IBlockTile.Depth"/> at a time, while the next are on
/// their way to registers; two buffers, so one barrier a step. Thread (i, j) owns channels 4i..4i+3 and pixels
/// 4j..4j+3 of each half of the block tile.</para>
/// <para>Each sum runs over k = (c * kh + u) * kw + v upwards. With four splits each sums every fourth step, and the four
/// sums are added in order.</para>
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
    internal static void Run<TBlockTile, TThreadTile, TSource>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<float> packed, ArrayView<Tap> taps,
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
        where TSource : struct, ISource
    {
        ArrayView<float> weights = SharedMemory.Allocate<float>(TBlockTile.Shared);
        ArrayView<float> pixels = SharedMemory.Allocate<float>(TBlockTile.Shared);
        int thread = Group.IdxX & (TBlockTile.Threads - 1);
        int split = Group.IdxX >> TBlockTile.LogThreadsOfSplit;
        int i = thread >> TBlockTile.LogThreads;
        int j = thread & ((1 << TBlockTile.LogThreads) - 1);
        int firstPixel = Grid.IdxX << TBlockTile.LogSide;
        int firstOutput = Grid.IdxY << TBlockTile.LogSide;
        int half = TBlockTile.Side >> 3;
        int chunk = 4 * TBlockTile.Threads;
        int stage = TBlockTile.Depth << TBlockTile.LogSide;
        int fill = 2 * stage * split;
        int use = fill + stage;

        var source = default(TSource);
        source.Begin<TBlockTile>(thread, firstPixel, Grid.IdxZ, s);
        var tile = default(TThreadTile);
        Float4 nextWeights = default, moreWeights = default, nextPixels = default, morePixels = default;

        // The first pass only fills a buffer, the last one only computes.
        int pass = TBlockTile.Splits * TBlockTile.Depth;
        for (int first = 0; first < s.Inner + pass; first += pass)
        {
            bool fetch = first < s.Inner;
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
            if (first > 0)
            {
                int at = use >> 2;
                for (int d = 0; d < TBlockTile.Depth; d++)
                {
                    tile.Multiply(weights.Cast<Float4>(), pixels.Cast<Float4>(), at + i, at + j, half);
                    at += TBlockTile.Side >> 2;
                }
            }
            if (fetch)
            {
                weights.Cast<Float4>()[(fill >> 2) + thread] = nextWeights;
                source.Put<TBlockTile>(pixels, fill, nextPixels);
                if (TBlockTile.Chunks == 2)
                {
                    weights.Cast<Float4>()[((fill + chunk) >> 2) + thread] = moreWeights;
                    source.Put<TBlockTile>(pixels, fill + chunk, morePixels);
                }
            }
            KernelMath.Barrier();
            int filled = fill;
            fill = use;
            use = filled;
        }

        for (int r = 0; r < TThreadTile.Rows; r++)
        {
            int output = firstOutput + 4 * i + (r & 3) + (r >> 2) * (TBlockTile.Side >> 1);
            Float4 left = TBlockTile.Splits == 1 ? tile.Left : Total<TBlockTile>(weights.Cast<Float4>(), thread, r, tile.Left);
            // The splits take turns to store.
            if (output < s.Outputs && split == (r & (TBlockTile.Splits - 1)))
            {
                Float4 bias = Float4.All(packed[s.BiasOffset + output]);
                Store(residual, multiplier, y, output, firstPixel + 4 * j, bias + left, s);
                if (TThreadTile.Rows == 8)
                    Store(residual, multiplier, y, output, firstPixel + 4 * j + (TBlockTile.Side >> 1), bias + tile.Right, s);
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

    private static void Store(
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, int output, int pixel, Float4 value,
        in ConvolutionScalars s)
    {
        int count = s.Pixels - pixel;
        if (count <= 0)
            return;
        int at = output * s.Pixels + pixel;
        int image = Grid.IdxZ;
        if ((s.Epilogue & Epilogue.Residual) != 0)
            value += Load(residual, s.Residual.Image(image) + at, count, s.Vectors);
        if ((s.Epilogue & Epilogue.Relu) != 0)
            value = Float4.Relu(value);
        if ((s.Epilogue & Epilogue.Sigmoid) != 0)
            value = Float4.Sigmoid(value);
        if ((s.Epilogue & Epilogue.Multiply) != 0)
            value *= Load(multiplier, s.Multiplier.Image(image) + at, count, s.Vectors);
        at += s.Y.Image(image);
        if (s.Vectors != 0)
            Float4.Store(y, at, value);
        else
            Float4.StoreFirst(y, at, value, count);
    }

    private static Float4 Load(ArrayView<float> view, int at, int count, int vectors)
    {
        if (vectors != 0)
            return Float4.Load(view, at);
        return new(view[at], count > 1 ? view[at + 1] : 0f, count > 2 ? view[at + 2] : 0f, count > 3 ? view[at + 3] : 0f);
    }
}
