using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The sums that one thread of a convolution keeps: rows are output channels, columns are pixels, in two runs of four. The
/// rows from the fifth on, and the right columns, lie a gap further on in the block tile.
/// </summary>
internal interface IThreadTile
{
    /// <summary>Rows of the tile, 4 or 8.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile, 4 or 8.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// Floats that a row of shared memory has more than the block tile has columns, which keep loads free of bank conflicts.
    /// </summary>
    static abstract int Padding { get; }

    /// <summary>The first row of a thread within the block tile.</summary>
    static abstract int FirstRow<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile;

    /// <summary>The first column of a thread within the block tile.</summary>
    static abstract int FirstColumn<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile;

    /// <summary>From the first row to the fifth.</summary>
    static abstract int RowGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile;

    /// <summary>From the first left column to the first right one.</summary>
    static abstract int ColumnGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile;

    /// <summary>The first four columns of the first row.</summary>
    Float4 Left { get; }

    /// <summary>The other four columns of the first row, if there are.</summary>
    Float4 Right { get; }

    /// <summary>Adds the products of a step.</summary>
    /// <param name="weights">Shared memory.</param>
    /// <param name="pixels">Shared memory.</param>
    /// <param name="stage">Where the step's rows start in either.</param>
    /// <param name="pitch">Floats from one row to the next.</param>
    /// <param name="thread">The thread within its split.</param>
    void Multiply<TBlockTile>(ArrayView<float> weights, ArrayView<float> pixels, int stage, int pitch, int thread)
        where TBlockTile : struct, IBlockTile;

    /// <summary>Drops the first row.</summary>
    void Next();
}

/// <summary>
/// How threads that multiply by themselves share a block tile: in rows of threads, each with a corner of all four quarters.
/// </summary>
internal static class ThreadGrid
{
    public static int FirstRow<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => (thread >> TBlockTile.LogThreads) << 2;

    public static int FirstColumn<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => (thread & ((1 << TBlockTile.LogThreads) - 1)) << 2;
}

/// <summary>8 x 8 sums in 64 registers.</summary>
internal struct ThreadTile8 : IThreadTile
{
    private Row8 _row0, _row1, _row2, _row3, _row4, _row5, _row6, _row7;

    public static int Rows => 8;

    public static int Columns => 8;

    public static int Padding => 4;

    public static int FirstRow<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => ThreadGrid.FirstRow<TBlockTile>(thread);

    public static int FirstColumn<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => ThreadGrid.FirstColumn<TBlockTile>(thread);

    public static int RowGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile => TBlockTile.Side >> 1;

    public static int ColumnGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile => TBlockTile.Side >> 1;

    public readonly Float4 Left => _row0.Left;

    public readonly Float4 Right => _row0.Right;

    public void Multiply<TBlockTile>(ArrayView<float> weights, ArrayView<float> pixels, int stage, int pitch, int thread)
        where TBlockTile : struct, IBlockTile
    {
        // The steps of every block tile, written out: NVIDIA's compiler would leave a loop.
        int i = stage + FirstRow<TBlockTile>(thread);
        int j = stage + FirstColumn<TBlockTile>(thread);
        int half = TBlockTile.Side >> 1;
        Add(weights, pixels, i, j, 0, half);
        Add(weights, pixels, i, j, pitch, half);
        Add(weights, pixels, i, j, 2 * pitch, half);
        Add(weights, pixels, i, j, 3 * pitch, half);
        Add(weights, pixels, i, j, 4 * pitch, half);
        Add(weights, pixels, i, j, 5 * pitch, half);
        Add(weights, pixels, i, j, 6 * pitch, half);
        Add(weights, pixels, i, j, 7 * pitch, half);
    }

    private void Add(ArrayView<float> weights, ArrayView<float> pixels, int i, int j, int row, int half)
    {
        Float4 upper = SharedAccess.Load(weights, i, row);
        Float4 lower = SharedAccess.Load(weights, i, row + half);
        Float4 left = SharedAccess.Load(pixels, j, row);
        Float4 right = SharedAccess.Load(pixels, j, row + half);
        _row0.Add(upper.X, left, right);
        _row1.Add(upper.Y, left, right);
        _row2.Add(upper.Z, left, right);
        _row3.Add(upper.W, left, right);
        _row4.Add(lower.X, left, right);
        _row5.Add(lower.Y, left, right);
        _row6.Add(lower.Z, left, right);
        _row7.Add(lower.W, left, right);
    }

    public void Next()
    {
        _row0 = _row1;
        _row1 = _row2;
        _row2 = _row3;
        _row3 = _row4;
        _row4 = _row5;
        _row5 = _row6;
        _row6 = _row7;
    }

    private struct Row8
    {
        public Float4 Left, Right;

        public void Add(float weight, Float4 left, Float4 right)
        {
            Left.Add(weight, left);
            Right.Add(weight, right);
        }
    }
}

/// <summary>4 x 4 sums in 16 registers.</summary>
internal struct ThreadTile4 : IThreadTile
{
    private Float4 _row0, _row1, _row2, _row3;

    public static int Rows => 4;

    public static int Columns => 4;

    public static int Padding => 4;

    public static int FirstRow<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => ThreadGrid.FirstRow<TBlockTile>(thread);

    public static int FirstColumn<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => ThreadGrid.FirstColumn<TBlockTile>(thread);

    public static int RowGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile => TBlockTile.Side >> 1;

    public static int ColumnGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile => TBlockTile.Side >> 1;

    public readonly Float4 Left => _row0;

    public readonly Float4 Right => _row0;

    public void Multiply<TBlockTile>(ArrayView<float> weights, ArrayView<float> pixels, int stage, int pitch, int thread)
        where TBlockTile : struct, IBlockTile
    {
        // As above.
        int i = stage + FirstRow<TBlockTile>(thread);
        int j = stage + FirstColumn<TBlockTile>(thread);
        Add(weights, pixels, i, j, 0);
        Add(weights, pixels, i, j, pitch);
        Add(weights, pixels, i, j, 2 * pitch);
        Add(weights, pixels, i, j, 3 * pitch);
        Add(weights, pixels, i, j, 4 * pitch);
        Add(weights, pixels, i, j, 5 * pitch);
        Add(weights, pixels, i, j, 6 * pitch);
        Add(weights, pixels, i, j, 7 * pitch);
    }

    private void Add(ArrayView<float> weights, ArrayView<float> pixels, int i, int j, int row)
    {
        Float4 upper = SharedAccess.Load(weights, i, row);
        Float4 left = SharedAccess.Load(pixels, j, row);
        _row0.Add(upper.X, left);
        _row1.Add(upper.Y, left);
        _row2.Add(upper.Z, left);
        _row3.Add(upper.W, left);
    }

    public void Next()
    {
        _row0 = _row1;
        _row1 = _row2;
        _row2 = _row3;
    }
}
