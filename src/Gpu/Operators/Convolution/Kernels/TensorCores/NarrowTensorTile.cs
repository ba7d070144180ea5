using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// 4 x 8 sums a thread, 32 x 32 a warp: half of <see cref="TensorTile"/>, and twice as many warps to hide latency behind.
/// </summary>
internal struct NarrowTensorTile : IThreadTile
{
    private TensorRow _row0, _row1, _row2, _row3;

    public static int Rows => 4;

    public static int Columns => 8;

    public static int Padding => 8;

    public readonly Float4 Left => _row0.Left;

    public readonly Float4 Right => _row0.Right;

    public static int FirstRow<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => WarpGrid.Row<TBlockTile>(thread, 32) + 4 * ((thread & 31) >> 2);

    public static int FirstColumn<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => WarpGrid.Column<TBlockTile>(thread) + 8 * (thread & 3);

    public static int RowGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile => 32;

    public static int ColumnGap<TBlockTile>()
        where TBlockTile : struct, IBlockTile => 4;

    public void Multiply<TBlockTile>(ArrayView<float> weights, ArrayView<float> pixels, int stage, int pitch, int thread)
        where TBlockTile : struct, IBlockTile
    {
        int place = stage + (thread & 3) * pitch + 4 * ((thread & 31) >> 2);
        int row = place + WarpGrid.Row<TBlockTile>(thread, 32);
        int column = place + WarpGrid.Column<TBlockTile>(thread);
        int further = 4 * pitch;
        Tf32Terms near = Tf32Terms.Of(Float4.Load(pixels, column)), far = Tf32Terms.Of(Float4.Load(pixels, column + further));
        Tf32Terms rows = Tf32Terms.Of(Float4.Load(weights, row)), rowsFar = Tf32Terms.Of(Float4.Load(weights, row + further));
        TensorRows sums = TensorRows.Of(rows.First(rowsFar), near, far);
        _row0.Add(sums.UpperLeft, sums.UpperRight);
        _row1.Add(sums.LowerLeft, sums.LowerRight);
        sums = TensorRows.Of(rows.Second(rowsFar), near, far);
        _row2.Add(sums.UpperLeft, sums.UpperRight);
        _row3.Add(sums.LowerLeft, sums.LowerRight);
    }

    public void Next()
    {
        _row0 = _row1;
        _row1 = _row2;
        _row2 = _row3;
    }
}
