using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The gradient of a convolution by its filter as a matrix product, dy (O x pixels) times x (pixels x C * kh * kw),
/// both gathered on load; pixels count over all images.
/// <para>Grid (tiles of columns, tiles of channels, splits of pixels). A group computes a block tile as
/// <see cref="TiledConvolutionKernel"/> does; its sum over the pixels of its split, in steps of <see cref="IBlockTile.Depth"/>
/// pixels upwards, goes to partial[split, o, column]. <see cref="SplitKSums"/> adds the splits up.</para>
/// <para>On load a thread takes one pixel of a step and every <c>Threads / Depth</c>-th row or column, so that neighbouring
/// threads read neighbouring pixels; the padding of shared rows spreads their stores over the banks.</para>
/// </summary>
internal static class TiledFilterGradientKernel
{
    // log2 of the depth of every block tile.
    private const int LogDepth = 3;

    [Kernel(typeof(BlockTile128), typeof(ThreadTile8))]
    [Kernel(typeof(BlockTile64), typeof(ThreadTile8))]
    [Kernel(typeof(BlockTile32), typeof(ThreadTile4))]
    [Kernel(typeof(BlockTile64By128), typeof(NarrowTensorTile), TensorCores = true)]
    internal static void Run<TBlockTile, TThreadTile>(
        ArrayView<float> gradient, ArrayView<float> x, ArrayView<float> partial, FilterGradientScalars s)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
    {
        ArrayView<float> rows = SharedMemory.Allocate<float>(TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding);
        ArrayView<float> columns = SharedMemory.Allocate<float>(TBlockTile.Shared + TBlockTile.Stages * TThreadTile.Padding);
        int thread = Group.IdxX & (TBlockTile.Threads - 1);
        int split = Group.IdxX >> TBlockTile.LogThreadsOfSplit;
        int firstColumn = Grid.IdxX << TBlockTile.LogSide;
        int firstOutput = Grid.IdxY << TBlockTile.LogSide;
        int pitch = TBlockTile.Side + TThreadTile.Padding;
        int stage = TBlockTile.Depth * pitch;
        int fill = 2 * stage * split;
        int use = fill + stage;

        // What the thread loads.
        int lane = thread & (TBlockTile.Depth - 1);
        int own = thread >> LogDepth;
        int step = TBlockTile.Threads >> LogDepth;
        int put = lane * pitch + own;
        GradientColumns taps = GradientColumns.At(firstColumn + own, step, s);
        GradientColumns moreTaps = TBlockTile.Chunks == 2 ? GradientColumns.At(firstColumn + own + 4 * step, step, s) : default;
        var tile = default(TThreadTile);
        Float4 nextRows = default, moreRows = default, nextColumns = default, moreColumns = default;

        // The first pass only fills a buffer, the last one only computes.
        int pass = TBlockTile.Splits * TBlockTile.Depth;
        int begin = Grid.IdxZ * s.SplitLength;
        int end = KernelMath.Min(begin + s.SplitLength, s.Count);
        for (int first = begin; first < end + pass; first += pass)
        {
            bool fetch = first < end;
            if (fetch)
            {
                GradientPixel pixel = GradientPixel.At(first + split * TBlockTile.Depth + lane, s);
                nextRows = Rows(gradient, pixel, firstOutput + own, step, s);
                nextColumns = taps.Fetch(x, pixel, s);
                if (TBlockTile.Chunks == 2)
                {
                    moreRows = Rows(gradient, pixel, firstOutput + own + 4 * step, step, s);
                    moreColumns = moreTaps.Fetch(x, pixel, s);
                }
            }
            if (first > begin)
                tile.Multiply<TBlockTile>(rows, columns, use, pitch, thread);
            if (fetch)
            {
                Put(rows, fill + put, step, nextRows);
                Put(columns, fill + put, step, nextColumns);
                if (TBlockTile.Chunks == 2)
                {
                    Put(rows, fill + put + 4 * step, step, moreRows);
                    Put(columns, fill + put + 4 * step, step, moreColumns);
                }
            }
            KernelMath.Barrier();
            int filled = fill;
            fill = use;
            use = filled;
        }

        int row = firstOutput + TThreadTile.FirstRow<TBlockTile>(thread);
        int column = firstColumn + TThreadTile.FirstColumn<TBlockTile>(thread);
        for (int r = 0; r < TThreadTile.Rows; r++)
        {
            int output = row + (r & 3) + (r >> 2) * TThreadTile.RowGap<TBlockTile>();
            Float4 left = TBlockTile.Splits == 1
                ? tile.Left
                : TiledConvolutionKernel.Total<TBlockTile>(rows.Cast<Float4>(), thread, r, tile.Left);
            // Splits of the group take turns to store.
            if (output < s.Outputs && split == (r & (TBlockTile.Splits - 1)))
            {
                Store(partial, output, column, left, s);
                if (TThreadTile.Columns == 8)
                    Store(partial, output, column + TThreadTile.ColumnGap<TBlockTile>(), tile.Right, s);
            }
            tile.Next();
        }
    }

    /// <summary>Four rows at a pixel; zero outside.</summary>
    private static Float4 Rows(ArrayView<float> gradient, GradientPixel pixel, int output, int step, in FilterGradientScalars s) => new(
        Row(gradient, pixel, output, s),
        Row(gradient, pixel, output + step, s),
        Row(gradient, pixel, output + 2 * step, s),
        Row(gradient, pixel, output + 3 * step, s));

    private static float Row(ArrayView<float> gradient, GradientPixel pixel, int output, in FilterGradientScalars s) =>
        pixel.IsInside && output < s.Outputs ? gradient[pixel.Gradient + output * s.Pixels.Value] : 0f;

    private static void Put(ArrayView<float> shared, int at, int step, Float4 values)
    {
        shared[at] = values.X;
        shared[at + step] = values.Y;
        shared[at + 2 * step] = values.Z;
        shared[at + 3 * step] = values.W;
    }

    private static void Store(ArrayView<float> partial, int output, int column, Float4 value, in FilterGradientScalars s)
    {
        int count = s.Columns - column;
        if (count <= 0)
            return;
        int at = (Grid.IdxZ * s.Outputs + output) * s.Columns + column;
        if (s.Vectors != 0)
            Float4.Store(partial, at, value);
        else
            Float4.StoreFirst(partial, at, value, count);
    }
}
