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
        ArrayView<TapPlace> taps = SharedMemory.Allocate<float>(TBlockTile.Side * TapPlace.Floats).Cast<TapPlace>();
        int thread = TBlockTile.Splits == 1 ? Group.IdxX : Group.IdxX & (TBlockTile.Threads - 1);
        int split = TBlockTile.Splits == 1 ? 0 : Group.IdxX >> TBlockTile.LogThreadsOfSplit;
        int firstColumn = Grid.IdxX << TBlockTile.LogSide;
        int firstOutput = Grid.IdxY << TBlockTile.LogSide;
        int pitch = TBlockTile.Side + TThreadTile.Padding;
        int stage = TBlockTile.Depth * pitch;
        // Of a split's two buffers the one in use, and the sum of both places.
        int use = stage * (2 * split + 1);
        int both = stage * (4 * split + 1);

        int pass = TBlockTile.Splits * TBlockTile.Depth;
        int begin = Grid.IdxZ * s.SplitLength;
        int end = KernelMath.Min(begin + s.SplitLength, s.Count);
        int own = split * TBlockTile.Depth;
        var step = default(FilterGradientStep<TBlockTile>);
        step.Begin(thread, firstOutput, pitch);
        if (Group.IdxX < TBlockTile.Side)
            taps[Group.IdxX] = GradientColumn.At(firstColumn + Group.IdxX, s);
        KernelMath.Barrier();
        step.Fetch(gradient, x, taps, begin + own, s);
        step.Put(rows, columns, use);
        KernelMath.Barrier();
        var tile = default(TThreadTile);
        // The last pass has nothing to fetch, and fills a buffer that nobody reads.
        for (int next = begin + pass; next < end + pass; next += pass)
        {
            // The branch also keeps compilers from loading late.
            if (next < end)
                step.Fetch(gradient, x, taps, next + own, s);
            tile.Multiply<TBlockTile>(rows, columns, use, pitch, thread);
            step.Put(rows, columns, both - use);
            KernelMath.Barrier();
            use = both - use;
        }

        int row = firstOutput + TThreadTile.FirstRow<TBlockTile>(thread);
        int column = firstColumn + TThreadTile.FirstColumn<TBlockTile>(thread);
        // Four rows written out, as in the convolution.
        for (int r = 0; r < TThreadTile.Rows; r += 4)
        {
            StoreRow<TBlockTile, TThreadTile>(ref tile, rows, partial, thread, split, r, row, column, s);
            StoreRow<TBlockTile, TThreadTile>(ref tile, rows, partial, thread, split, r + 1, row + 1, column, s);
            StoreRow<TBlockTile, TThreadTile>(ref tile, rows, partial, thread, split, r + 2, row + 2, column, s);
            StoreRow<TBlockTile, TThreadTile>(ref tile, rows, partial, thread, split, r + 3, row + 3, column, s);
            row += TThreadTile.RowGap<TBlockTile>();
        }
    }

    /// <summary>Stores row r of the tile, an output channel, and drops it.</summary>
    private static void StoreRow<TBlockTile, TThreadTile>(
        ref TThreadTile tile, ArrayView<float> shared, ArrayView<float> partial, int thread, int split, int r, int output, int column,
        in FilterGradientScalars s)
        where TBlockTile : struct, IBlockTile
        where TThreadTile : struct, IThreadTile
    {
        Float4 left = TBlockTile.Splits == 1
            ? tile.Left
            : TiledConvolutionKernel.Total<TBlockTile>(shared.Cast<Float4>(), thread, r, tile.Left);
        // Splits of the group take turns to store.
        if (output < s.Outputs && split == (r & (TBlockTile.Splits - 1)))
        {
            Store(partial, output, column, left, s);
            if (TThreadTile.Columns == 8)
                Store(partial, output, column + TThreadTile.ColumnGap<TBlockTile>(), tile.Right, s);
        }
        tile.Next();
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
