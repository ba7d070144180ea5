using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// What a thread of <see cref="TiledFilterGradientKernel"/> brings for the next step of its split: one pixel of four or eight
/// rows and as many columns, from memory to registers, and from there to shared memory.
/// </summary>
internal struct FilterGradientStep<TBlockTile>
    where TBlockTile : struct, IBlockTile
{
    // log2 of the depth of every block tile.
    private const int LogDepth = 3;

    private Float4 _rows, _moreRows, _columns, _moreColumns;
    private int _lane, _own, _output, _put;

    /// <summary>From one row or column of a thread to its next.</summary>
    private static int Step => TBlockTile.Threads >> LogDepth;

    /// <summary>Finds the place of a thread of a split.</summary>
    public void Begin(int thread, int firstOutput, int pitch)
    {
        _lane = thread & (TBlockTile.Depth - 1);
        _own = thread >> LogDepth;
        _output = firstOutput + _own;
        _put = _lane * pitch + _own;
    }

    /// <summary>Fetches the step that starts with pixel <paramref name="first"/>; the taps are those of the group's columns.</summary>
    public void Fetch(ArrayView<float> gradient, ArrayView<float> x, ArrayView<TapPlace> taps, int first, in FilterGradientScalars s)
    {
        GradientPixel pixel = GradientPixel.At(first + _lane, s);
        _rows = Rows(gradient, pixel, _output, s);
        _columns = Columns(x, taps, pixel, 0, s);
        if (TBlockTile.Chunks == 2)
        {
            _moreRows = Rows(gradient, pixel, _output + 4 * Step, s);
            _moreColumns = Columns(x, taps, pixel, 4 * Step, s);
        }
    }

    /// <summary>Puts what was fetched into the shared rows from <paramref name="fill"/> on.</summary>
    public readonly void Put(ArrayView<float> rows, ArrayView<float> columns, int fill)
    {
        Put(rows, fill + _put, 0, _rows);
        Put(columns, fill + _put, 0, _columns);
        if (TBlockTile.Chunks == 2)
        {
            Put(rows, fill + _put, 4 * Step, _moreRows);
            Put(columns, fill + _put, 4 * Step, _moreColumns);
        }
    }

    /// <summary>Four rows at a pixel; zero if there is no such pixel.</summary>
    private static Float4 Rows(ArrayView<float> gradient, GradientPixel pixel, int output, in FilterGradientScalars s) => new(
        Row(gradient, pixel, output, s),
        Row(gradient, pixel, output + Step, s),
        Row(gradient, pixel, output + 2 * Step, s),
        Row(gradient, pixel, output + 3 * Step, s));

    // Rows that are not there get the last one's numbers, and are not stored.
    private static float Row(ArrayView<float> gradient, GradientPixel pixel, int output, in FilterGradientScalars s) =>
        GlobalMemory.Load(gradient, pixel.Gradient, KernelMath.Min(output, s.Outputs - 1) * s.Pixels.Value, pixel.IsInside);

    /// <summary>Four columns at a pixel, from <paramref name="distance"/> on.</summary>
    private readonly Float4 Columns(
        ArrayView<float> x, ArrayView<TapPlace> taps, GradientPixel pixel, int distance, in FilterGradientScalars s) => new(
        GradientColumn.Read(x, pixel, SharedAccess.Load(taps, _own, distance), s),
        GradientColumn.Read(x, pixel, SharedAccess.Load(taps, _own, distance + Step), s),
        GradientColumn.Read(x, pixel, SharedAccess.Load(taps, _own, distance + 2 * Step), s),
        GradientColumn.Read(x, pixel, SharedAccess.Load(taps, _own, distance + 3 * Step), s));

    private static void Put(ArrayView<float> shared, int at, int distance, Float4 values)
    {
        SharedAccess.Store(shared, at, distance, values.X);
        SharedAccess.Store(shared, at, distance + Step, values.Y);
        SharedAccess.Store(shared, at, distance + 2 * Step, values.Z);
        SharedAccess.Store(shared, at, distance + 3 * Step, values.W);
    }
}
