using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// <see cref="TiledConvolutionKernel"/> for tensor cores: the rows of the step after the next are copied to shared memory, by
/// no detour through registers, while those of this step are multiplied. Three buffers, so one barrier a step.
/// </summary>
internal static class PipelinedConvolutionKernel
{
    /// <summary>The channels of a step, which must be of one tap.</summary>
    public const int ChannelMultiple = 8;

    private const int Buffers = 3;

    [Kernel(typeof(BlockTile64), typeof(TensorTile), typeof(CopiedPixels), Vectors = true, TensorCores = true)]
    [Kernel(typeof(BlockTile64), typeof(TensorTile), typeof(CopiedPlane), Vectors = true, TensorCores = true)]
    [Kernel(typeof(BlockTile64By128), typeof(NarrowTensorTile), typeof(CopiedPixels), Vectors = true, TensorCores = true)]
    [Kernel(typeof(BlockTile64By128), typeof(NarrowTensorTile), typeof(CopiedPlane), Vectors = true, TensorCores = true)]
    internal static void Run<TBlockTile, TThreadTile, TSource>(
        ArrayView<float> x, ArrayView<float> strip, ArrayView<float> packed, ArrayView<Tap> taps,
        ArrayView<float> residual, ArrayView<float> multiplier, ArrayView<float> y, ConvolutionScalars s)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
        where TSource : struct, ICopiedSource
    {
        ArrayView<float> weights = SharedMemory.Allocate<float>(
            ((TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding) >> 1) * Buffers);
        ArrayView<float> pixels = SharedMemory.Allocate<float>(
            ((TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding) >> 1) * Buffers);
        int thread = Group.IdxX;
        int firstPixel = Grid.IdxX << TBlockTile.LogSide;
        int firstOutput = Grid.IdxY << TBlockTile.LogSide;
        int part = s.Images.Quotient(Grid.IdxZ);
        int image = Grid.IdxZ - part * s.Images.Value;
        int pitch = TBlockTile.Side + TThreadTile.Padding;
        int stage = TBlockTile.Depth * pitch;
        int begin = part * s.PartLength;
        int end = KernelMath.Min(begin + s.PartLength, s.Inner);

        // Weights: a vector of a row, and in small tiles another further down.
        int row = thread >> (TBlockTile.LogSide - 2);
        int column = 4 * (thread & ((TBlockTile.Side >> 2) - 1));
        int put = row * pitch + column;
        int rows = 4 * TBlockTile.Threads >> TBlockTile.LogSide;
        bool isOutput = firstOutput + column < s.PackedRow;
        int weight = isOutput ? (begin + row) * s.PackedRow + firstOutput + column : 0;
        int weightStep = isOutput ? s.PackedRow : 0;

        var source = default(TSource);
        source.Begin<TBlockTile>(thread, firstPixel, image, begin, s);
        var tile = default(TThreadTile);
        int fill = 0, use = 0;
        for (int first = begin - (Buffers - 1) * TBlockTile.Depth; first < end; first += TBlockTile.Depth)
        {
            bool multiply = first >= begin;
            if (multiply)
            {
                TensorInstructions.Await();
                KernelMath.Barrier();
            }
            if (first + (Buffers - 1) * TBlockTile.Depth < end)
            {
                Copy(weights, fill + put, packed, weight, isOutput);
                if (TBlockTile.Chunks == 2)
                    Copy(weights, fill + put + rows * pitch, packed, weight + rows * weightStep, isOutput);
                weight += TBlockTile.Depth * weightStep;
                source.Copy<TBlockTile>(x, pixels, fill, pitch, s);
                fill = fill == (Buffers - 1) * stage ? 0 : fill + stage;
            }
            TensorInstructions.Commit();
            if (multiply)
            {
                tile.Multiply<TBlockTile>(weights, pixels, use, pitch, thread);
                use = use == (Buffers - 1) * stage ? 0 : use + stage;
            }
        }

        int firstRow = firstOutput + TThreadTile.FirstRow<TBlockTile>(thread);
        int left = firstPixel + TThreadTile.FirstColumn<TBlockTile>(thread);
        for (int r = 0; r < TThreadTile.Rows; r++)
        {
            int output = firstRow + (r & 3) + (r >> 2) * TThreadTile.RowGap<TBlockTile>();
            if (output < s.Outputs)
            {
                Float4 bias = Float4.All(s.BiasOffset >= 0 ? packed[s.BiasOffset + output] : 0f);
                ConvolutionStore.Store(residual, multiplier, y, Grid.IdxZ, output, left, bias + tile.Left, s);
                int right = left + TThreadTile.ColumnGap<TBlockTile>();
                ConvolutionStore.Store(residual, multiplier, y, Grid.IdxZ, output, right, bias + tile.Right, s);
            }
            tile.Next();
        }
    }

    private static void Copy(ArrayView<float> shared, int to, ArrayView<float> from, int at, bool inside) =>
        TensorInstructions.Copy(ref shared.Cast<Float4>()[to >> 2], ref from.Cast<Float4>()[at >> 2], inside ? 16 : 0);
}
