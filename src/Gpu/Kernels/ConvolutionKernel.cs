using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Convolution as a matrix product, weights (O x K) times pixels (K x H'W'), K = C * kh * kw, whose second factor is
/// gathered from the input on load.
/// <para>Grid (tiles of pixels, tiles of channels, images). A group computes <see cref="ISquare.Side"/> channels by as
/// many pixels: rows of K pass through shared memory, <see cref="ISquare.Depth"/> at a time, while the next are on
/// their way to registers; two buffers, so one barrier a step. Thread (i, j) owns channels 4i..4i+3 and pixels
/// 4j..4j+3 of each half of the square.</para>
/// <para>Each sum runs over k = (c * kh + u) * kw + v upwards. With four slices each sums every fourth step, and the four
/// sums are added in order.</para>
/// </summary>
internal static class ConvolutionKernel
{
    [Kernel(typeof(Square128), typeof(Tile8), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(Square128), typeof(Tile8), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(Square128), typeof(Tile8), typeof(Gathered<Spread>), Vectors = true)]
    [Kernel(typeof(Square128), typeof(Tile8), typeof(Plane), Vectors = true)]
    [Kernel(typeof(Square64), typeof(Tile8), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(Square64), typeof(Tile8), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(Square64), typeof(Tile8), typeof(Gathered<Spread>), Vectors = true)]
    [Kernel(typeof(Square64), typeof(Tile8), typeof(Plane), Vectors = true)]
    [Kernel(typeof(Square32), typeof(Tile4), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(Square32), typeof(Tile4), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(Square32), typeof(Tile4), typeof(Gathered<Spread>), Vectors = true)]
    [Kernel(typeof(Square32), typeof(Tile4), typeof(Plane), Vectors = true)]
    internal static void Run<TSquare, TTile, TSource>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<float> packed, ArrayView<Tap> taps,
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, ConvolutionScalars s)
        where TSquare : struct, ISquare
        where TTile : struct, ITile
        where TSource : struct, ISource
    {
        ArrayView<float> weights = SharedMemory.Allocate<float>(TSquare.Shared);
        ArrayView<float> pixels = SharedMemory.Allocate<float>(TSquare.Shared);
        int thread = Group.IdxX & (TSquare.Threads - 1);
        int slice = Group.IdxX >> TSquare.LogSlice;
        int i = thread >> TSquare.LogThreads;
        int j = thread & ((1 << TSquare.LogThreads) - 1);
        int firstPixel = Grid.IdxX << TSquare.LogSide;
        int firstOutput = Grid.IdxY << TSquare.LogSide;
        int half = TSquare.Side >> 3;
        int chunk = 4 * TSquare.Threads;
        int stage = TSquare.Depth << TSquare.LogSide;
        int fill = 2 * stage * slice;
        int use = fill + stage;

        var source = default(TSource);
        source.Begin<TSquare>(thread, firstPixel, Grid.IdxZ, s);
        var tile = default(TTile);
        Float4 nextWeights = default, moreWeights = default, nextPixels = default, morePixels = default;

        // The first pass only fills a buffer, the last one only computes.
        int pass = TSquare.Slices * TSquare.Depth;
        for (int first = 0; first < s.Inner + pass; first += pass)
        {
            bool fetch = first < s.Inner;
            if (fetch)
            {
                int k = first + slice * TSquare.Depth;
                int second = k + (TSquare.Depth >> 1);
                nextWeights = Weights<TSquare>(packed, thread, k, firstOutput, s);
                nextPixels = source.Fetch<TSquare>(x, strip, taps, k, s);
                if (TSquare.Chunks == 2)
                {
                    moreWeights = Weights<TSquare>(packed, thread, second, firstOutput, s);
                    morePixels = source.Fetch<TSquare>(x, strip, taps, second, s);
                }
            }
            if (first > 0)
            {
                int at = use >> 2;
                for (int d = 0; d < TSquare.Depth; d++)
                {
                    tile.Multiply(weights.Cast<Float4>(), pixels.Cast<Float4>(), at + i, at + j, half);
                    at += TSquare.Side >> 2;
                }
            }
            if (fetch)
            {
                weights.Cast<Float4>()[(fill >> 2) + thread] = nextWeights;
                source.Put<TSquare>(pixels, fill, nextPixels);
                if (TSquare.Chunks == 2)
                {
                    weights.Cast<Float4>()[((fill + chunk) >> 2) + thread] = moreWeights;
                    source.Put<TSquare>(pixels, fill + chunk, morePixels);
                }
            }
            KernelMath.Barrier();
            int filled = fill;
            fill = use;
            use = filled;
        }

        for (int r = 0; r < TTile.Rows; r++)
        {
            int output = firstOutput + 4 * i + (r & 3) + (r >> 2) * (TSquare.Side >> 1);
            Float4 left = TSquare.Slices == 1 ? tile.Left : Total<TSquare>(weights.Cast<Float4>(), thread, r, tile.Left);
            // Slices take turns to store.
            if (output < s.Outputs && slice == (r & (TSquare.Slices - 1)))
            {
                Float4 bias = Float4.All(packed[s.BiasOffset + output]);
                Store(residual, multiplier, y, output, firstPixel + 4 * j, bias + left, s);
                if (TTile.Rows == 8)
                    Store(residual, multiplier, y, output, firstPixel + 4 * j + (TSquare.Side >> 1), bias + tile.Right, s);
            }
            tile.Next();
        }
    }

    private static Float4 Weights<TSquare>(ArrayView<float> packed, int thread, int k, int firstOutput, in ConvolutionScalars s)
        where TSquare : struct, ISquare
    {
        int column = firstOutput + 4 * (thread & ((TSquare.Side >> 2) - 1));
        k += thread >> (TSquare.LogSide - 2);
        return column < s.PackedRow ? Float4.Load(packed, k * s.PackedRow + column) : default;
    }

    /// <summary>
    /// The sums of four slices for row r, added in order. Rows alternate between two buffers: the barrier of a row then
    /// also keeps the row after the next from overwriting what is still read.
    /// </summary>
    internal static Float4 Total<TSquare>(ArrayView<Float4> shared, int thread, int r, Float4 own)
        where TSquare : struct, ISquare
    {
        int buffer = (r & 1) << (TSquare.LogSlice + 2);
        shared[buffer + Group.IdxX] = own;
        KernelMath.Barrier();
        buffer += thread;
        return shared[buffer] + shared[buffer + TSquare.Threads] + shared[buffer + 2 * TSquare.Threads] + shared[buffer + 3 * TSquare.Threads];
    }

    private static void Store(
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, int output, int pixel, Float4 value, in ConvolutionScalars s)
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
        {
            Float4.Store(y, at, value);
            return;
        }
        y[at] = value.X;
        if (count > 1)
            y[at + 1] = value.Y;
        if (count > 2)
            y[at + 2] = value.Z;
        if (count > 3)
            y[at + 3] = value.W;
    }

    private static Float4 Load(ArrayView<float> view, int at, int count, int vectors)
    {
        if (vectors != 0)
            return Float4.Load(view, at);
        return new(view[at], count > 1 ? view[at + 1] : 0f, count > 2 ? view[at + 2] : 0f, count > 3 ? view[at + 3] : 0f);
    }
}
