using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>Interpolates between four elements of a plane.</summary>
internal readonly struct BilinearPoint
{
    private readonly int _upperLeft, _upperRight, _lowerLeft, _lowerRight;
    private readonly float _across, _down;

    /// <param name="width">Width of the input plane.</param>
    /// <param name="row">The rows between which the point lies.</param>
    /// <param name="column">The columns.</param>
    public BilinearPoint(int width, BilinearKernelAxis.Sample row, BilinearKernelAxis.Sample column)
    {
        _upperLeft = row.First * width + column.First;
        _upperRight = row.First * width + column.Second;
        _lowerLeft = row.Second * width + column.First;
        _lowerRight = row.Second * width + column.Second;
        _across = column.Weight;
        _down = row.Weight;
    }

    /// <summary>The value in the plane that starts at <paramref name="plane"/>.</summary>
    public float Of(ArrayView<float> x, int plane)
    {
        float left = 1f - _across;
        float upper = left * x[plane + _upperLeft] + _across * x[plane + _upperRight];
        float lower = left * x[plane + _lowerLeft] + _across * x[plane + _lowerRight];
        return (1f - _down) * upper + _down * lower;
    }
}
