using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// 4 x 8 sums a thread, 32 x 32 a warp: half of <see cref="TensorTile"/>, and twice as many warps to hide latency behind.
/// </summary>
internal struct NarrowTensorTile : IThreadTile
{
    private TensorHalf _rows;

    public static int Rows => 4;

    public static int Columns => 8;

    public static int Padding => 4;

    public readonly Float4 Left => _rows.First.Left;

    public readonly Float4 Right => _rows.First.Right;

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
        int place = stage + 2 * (thread & 3) * pitch + 4 * ((thread & 31) >> 2);
        int row = place + WarpGrid.Row<TBlockTile>(thread, 32);
        int column = place + WarpGrid.Column<TBlockTile>(thread);
        Tf32Terms near = Tf32Terms.Of(Float4.Load(pixels, column)), far = Tf32Terms.Of(Float4.Load(pixels, column + pitch));
        _rows.Multiply(weights, row, pitch, near, far);
    }

    public void Next() => _rows.Next();
}
