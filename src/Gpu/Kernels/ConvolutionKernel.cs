using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Convolution as a matrix product, weights (O x K) times pixels (K x H'W'), K = C * kh * kw, whose second factor is
/// gathered from the input on load.
/// <para>Grid (tiles of pixels, tiles of channels, images). A group computes <see cref="ISquare.Side"/> channels by as
/// many pixels: rows of K pass through shared memory, <see cref="ISquare.Depth"/> at a time, while the next are on
/// their way to registers; two buffers, so one barrier a step. Thread (i, j) owns channels 4i..4i+3 and pixels
/// 4j..4j+3 of each half of the square.</para>
/// <para>Each sum runs over k = (c * kh + u) * kw + v upwards, whatever the square.</para>
/// </summary>
internal static class ConvolutionKernel
{
    [Kernel(typeof(Square128), typeof(Tile8), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(Square128), typeof(Tile8), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(Square128), typeof(Tile8), typeof(Plane), Vectors = true)]
    [Kernel(typeof(Square64), typeof(Tile8), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(Square64), typeof(Tile8), typeof(Gathered<Expanded>), Vectors = true)]
    [Kernel(typeof(Square64), typeof(Tile8), typeof(Plane), Vectors = true)]
    [Kernel(typeof(Square32), typeof(Tile4), typeof(Gathered<Direct>), Vectors = true)]
    [Kernel(typeof(Square32), typeof(Tile4), typeof(Gathered<Expanded>), Vectors = true)]
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
        int firstPixel = Grid.IdxX << TSquare.LogSide;
        int firstOutput = Grid.IdxY << TSquare.LogSide;
        int i = Group.IdxX >> TSquare.LogThreads;
        int j = Group.IdxX & ((1 << TSquare.LogThreads) - 1);
        int chunk = 4 * TSquare.Threads;
        int stage = TSquare.Depth << TSquare.LogSide;
        int half = TSquare.Side >> 3;

        var source = default(TSource);
        source.Begin<TSquare>(firstPixel, Grid.IdxZ, s);
        var tile = default(TTile);
        Float4 nextWeights = default, moreWeights = default, nextPixels = default, morePixels = default;

        // Pass 0 only fills the first buffer; the last one only computes.
        int offset = 0;
        for (int k = 0; k < s.Inner + TSquare.Depth; k += TSquare.Depth)
        {
            bool fetch = k < s.Inner;
            if (fetch)
            {
                int second = k + (TSquare.Depth >> 1);
                nextWeights = Weights<TSquare>(packed, k, firstOutput, s);
                nextPixels = source.Fetch<TSquare>(x, strip, taps, k, s);
                if (TSquare.Chunks == 2)
                {
                    moreWeights = Weights<TSquare>(packed, second, firstOutput, s);
                    morePixels = source.Fetch<TSquare>(x, strip, taps, second, s);
                }
            }
            if (k > 0)
            {
                int at = (stage - offset) >> 2;
                for (int d = 0; d < TSquare.Depth; d++)
                {
                    tile.Multiply(weights.Cast<Float4>(), pixels.Cast<Float4>(), at + i, at + j, half);
                    at += TSquare.Side >> 2;
                }
            }
            if (fetch)
            {
                weights.Cast<Float4>()[(offset >> 2) + Group.IdxX] = nextWeights;
                source.Put<TSquare>(pixels, offset, nextPixels);
                if (TSquare.Chunks == 2)
                {
                    weights.Cast<Float4>()[((offset + chunk) >> 2) + Group.IdxX] = moreWeights;
                    source.Put<TSquare>(pixels, offset + chunk, morePixels);
                }
            }
            KernelMath.Barrier();
            offset = stage - offset;
        }

        for (int r = 0; r < TTile.Rows; r++)
        {
            int output = firstOutput + 4 * i + (r & 3) + (r >> 2) * (TSquare.Side >> 1);
            if (output < s.Outputs)
            {
                float bias = packed[s.BiasOffset + output];
                Store(residual, multiplier, y, output, firstPixel + 4 * j, Float4.All(bias) + tile.Left, s);
                if (TTile.Rows == 8)
                    Store(residual, multiplier, y, output, firstPixel + 4 * j + (TSquare.Side >> 1), Float4.All(bias) + tile.Right, s);
            }
            tile.Next();
        }
    }

    private static Float4 Weights<TSquare>(ArrayView<float> packed, int k, int firstOutput, in ConvolutionScalars s)
        where TSquare : struct, ISquare
    {
        int column = firstOutput + 4 * (Group.IdxX & ((TSquare.Side >> 2) - 1));
        k += Group.IdxX >> (TSquare.LogSide - 2);
        return column < s.PackedRow ? Float4.Load(packed, k * s.PackedRow + column) : default;
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
