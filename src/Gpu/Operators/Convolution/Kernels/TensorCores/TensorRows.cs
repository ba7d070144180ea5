using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Products of the rows g and g + 8 of <see cref="TensorTile"/> with eight pixels.</summary>
internal readonly struct TensorRows(Float4 first, Float4 second, Float4 third, Float4 fourth)
{
    public readonly Float4 UpperLeft = new(first.X, second.X, third.X, fourth.X);
    public readonly Float4 UpperRight = new(first.Y, second.Y, third.Y, fourth.Y);
    public readonly Float4 LowerLeft = new(first.Z, second.Z, third.Z, fourth.Z);
    public readonly Float4 LowerRight = new(first.W, second.W, third.W, fourth.W);

    public static TensorRows Of(Tf32Terms rows, Tf32Terms near, Tf32Terms far) => new(
        Product(rows, near.High.X, near.Low.X, far.High.X, far.Low.X),
        Product(rows, near.High.Y, near.Low.Y, far.High.Y, far.Low.Y),
        Product(rows, near.High.Z, near.Low.Z, far.High.Z, far.Low.Z),
        Product(rows, near.High.W, near.Low.W, far.High.W, far.Low.W));

    private static Float4 Product(Tf32Terms rows, float nearHigh, float nearLow, float farHigh, float farLow)
    {
        // The smallest first.
        Float4 sum = Multiply(rows.Low, nearHigh, farHigh, default);
        sum = Multiply(rows.High, nearLow, farLow, sum);
        return Multiply(rows.High, nearHigh, farHigh, sum);
    }

    private static Float4 Multiply(Float4 rows, float near, float far, Float4 sum) =>
        TensorInstructions.MultiplyAdd(
            Interop.FloatAsInt(rows.X), Interop.FloatAsInt(rows.Y), Interop.FloatAsInt(rows.Z), Interop.FloatAsInt(rows.W),
            Interop.FloatAsInt(near), Interop.FloatAsInt(far), sum.X, sum.Y, sum.Z, sum.W);
}

/// <summary>Eight sums of a row of <see cref="TensorTile"/>.</summary>
internal struct TensorRow
{
    public Float4 Left, Right;

    public void Add(Float4 left, Float4 right)
    {
        Left += left;
        Right += right;
    }
}

/// <summary>How warps share a block tile: 32 columns and some rows each, columns first.</summary>
internal static class WarpGrid
{
    private const int LogWarp = 5, LogColumns = 5;

    /// <summary>The first row of a thread's warp.</summary>
    public static int Row<TBlockTile>(int thread, int rows)
        where TBlockTile : struct, IBlockTile => (thread >> (TBlockTile.LogSide - LogColumns + LogWarp)) * rows;

    /// <summary>The first column of a thread's warp.</summary>
    public static int Column<TBlockTile>(int thread)
        where TBlockTile : struct, IBlockTile => (thread & (((TBlockTile.Side >> LogColumns) - 1) << LogWarp)) << LogColumns >> LogWarp;
}
