using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Four rows of <see cref="TensorTile"/>: all of <see cref="NarrowTensorTile"/>.</summary>
internal struct TensorHalf
{
    private TensorRow _row0, _row1, _row2, _row3;

    /// <summary>The first row.</summary>
    public readonly TensorRow First => _row0;

    /// <summary>Adds the products of four channels with eight pixels.</summary>
    /// <param name="weights">Shared memory.</param>
    /// <param name="row">The lane's channels in its first row of the step.</param>
    /// <param name="pitch">From there to its other row, the next.</param>
    /// <param name="near">Pixels of the first row.</param>
    /// <param name="far">Pixels of the other.</param>
    public void Multiply(ArrayView<float> weights, int row, int pitch, Tf32Terms near, Tf32Terms far)
    {
        Tf32Terms rows = Tf32Terms.Of(Float4.Load(weights, row)), rowsFar = Tf32Terms.Of(Float4.Load(weights, row + pitch));
        TensorRows sums = TensorRows.Of(rows.First(rowsFar), near, far);
        _row0.Add(sums.UpperLeft, sums.UpperRight);
        _row1.Add(sums.LowerLeft, sums.LowerRight);
        sums = TensorRows.Of(rows.Second(rowsFar), near, far);
        _row2.Add(sums.UpperLeft, sums.UpperRight);
        _row3.Add(sums.LowerLeft, sums.LowerRight);
    }

    /// <summary>Drops the first row.</summary>
    public void Next()
    {
        _row0 = _row1;
        _row1 = _row2;
        _row2 = _row3;
    }

    /// <summary>Drops the first row, and puts the first of another half behind the last.</summary>
    public void Next(TensorHalf other)
    {
        Next();
        _row3 = other._row0;
    }
}
