using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// 8 x 8 sums a thread, 64 x 32 a warp, multiplied by NVIDIA's tensor cores: each float is the sum of two TF32 numbers
/// (<see cref="Tf32Terms"/>), and of the four products of two such floats all but that of the two small terms are added, so
/// that float32 stays float32. The cores round sums of eight products towards zero; each goes to its total by an addition of
/// its own, which rounds to nearest (Ootomo and Yokota, "Recovering single precision accuracy from Tensor Cores", 2022).
/// <para>mma.m16n8k8 gives lane 4g + t the weights of rows g and g + 8, pixels of column g and sums of columns 2t and
/// 2t + 1. Which channel is row g and which pixel is column g is free: four channels in a row are rows g and g + 8 of two
/// products, four pixels in a row are column g of four, so that a lane loads vectors of four and ends up with eight pixels
/// in a row of each of its channels. Rows of shared memory that are 8 floats longer keep these loads free of conflicts.</para>
/// </summary>
internal struct TensorTile : IThreadTile
{
    private TensorRow _row0, _row1, _row2, _row3, _row4, _row5, _row6, _row7;

    public static int Rows => 8;

    public static int Columns => 8;

    public static int Padding => 8;

    public readonly Float4 Left => _row0.Left;

    public readonly Float4 Right => _row0.Right;

    public static int FirstRow<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => WarpGrid.Row<TBlockTile>(thread, 64) + 4 * ((thread & 31) >> 2);

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
        int row = place + WarpGrid.Row<TBlockTile>(thread, 64);
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
        row += 32;
        rows = Tf32Terms.Of(Float4.Load(weights, row));
        rowsFar = Tf32Terms.Of(Float4.Load(weights, row + further));
        sums = TensorRows.Of(rows.First(rowsFar), near, far);
        _row4.Add(sums.UpperLeft, sums.UpperRight);
        _row5.Add(sums.LowerLeft, sums.LowerRight);
        sums = TensorRows.Of(rows.Second(rowsFar), near, far);
        _row6.Add(sums.UpperLeft, sums.UpperRight);
        _row7.Add(sums.LowerLeft, sums.LowerRight);
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
}
