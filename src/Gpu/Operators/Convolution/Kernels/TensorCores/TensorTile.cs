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
/// in a row of each of its channels. So are rows of the step: lane 4g + t takes 2t and 2t + 1. Rows of shared memory that are
/// 4 floats longer then keep these loads free of conflicts, and the stores down a column of eight rows too.</para>
/// </summary>
internal struct TensorTile : IThreadTile
{
    private TensorHalf _upper, _lower;

    public static int Rows => 8;

    public static int Columns => 8;

    public static int Padding => 4;

    public readonly Float4 Left => _upper.First.Left;

    public readonly Float4 Right => _upper.First.Right;

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
        int place = stage + 2 * (thread & 3) * pitch + 4 * ((thread & 31) >> 2);
        int row = place + WarpGrid.Row<TBlockTile>(thread, 64);
        int column = place + WarpGrid.Column<TBlockTile>(thread);
        Tf32Terms near = Tf32Terms.Of(Float4.Load(pixels, column)), far = Tf32Terms.Of(Float4.Load(pixels, column + pitch));
        _upper.Multiply(weights, row, pitch, near, far);
        _lower.Multiply(weights, row + 32, pitch, near, far);
    }

    public void Next()
    {
        _upper.Next(_lower);
        _lower.Next();
    }
}
