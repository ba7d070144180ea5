namespace SpGpu.Gpu.Simd;

/// <summary>
/// The gradient by the filter of a 1x1 convolution that reads every pixel, between few channels: products of the planes of dy
/// with those of x as they lie, as packing would take longer than the products. A sum runs over images and blocks of pixels
/// in order, lane by lane, then over the lanes.
/// </summary>
internal sealed unsafe class PointwiseFilterGradientSimd : SimdOperation
{
    /// <summary>Pixels of a block: a tile's rows of dy stay in the first-level cache, all of x in the second.</summary>
    private const int Block = 512;

    /// <summary>
    /// Pairs of channels whose sums, a vector each, stay in the second-level cache; a quarter where planes do not begin on
    /// whole vectors, which are loaded more slowly.
    /// </summary>
    private const int MostPairs = 1 << 14;

    private readonly string _name;
    private readonly Workspace _workspace;
    private readonly Shape _dy;
    private readonly Shape _x;
    private readonly int _rowTiles;
    private readonly int _columnTiles;

    public PointwiseFilterGradientSimd(SimdDevice device, ConvolutionFilterGradient gradient, ReadOnlySpan<Shape> inputs)
        : base(device.Team)
    {
        (_name, _workspace, _dy, _x) = (gradient.Name, device.Workspace, inputs[0], inputs[1]);
        _rowTiles = (_dy.C + DotKernel.Rows - 1) / DotKernel.Rows;
        _columnTiles = (_x.C + DotKernel.Columns - 1) / DotKernel.Columns;
        _workspace.Reserve(checked(SumsLength + device.Team.Size * TailsLength));
    }

    public override string Variant => FormattableString.Invariant($"{_name} dots{32 * DotKernel.Lanes}");

    private int SumsLength => checked(_rowTiles * _columnTiles * DotKernel.Elements);

    private int TailsLength => checked((_dy.C + _x.C) * DotKernel.Lanes);

    /// <summary>Whether it can compute a gradient, and faster than from packed pixels.</summary>
    public static bool Pays(Convolution convolution, Shape dy) =>
        DotKernel.IsSupported && convolution.Kernel == 1 && convolution.Stride == 1 && convolution.Padding == 0
        && convolution.OutChannels >= DotKernel.Rows && convolution.InChannels >= DotKernel.Columns
        && (long)convolution.OutChannels * convolution.InChannels <= (dy.Plane % DotKernel.Lanes == 0 ? MostPairs : MostPairs / 4)
        && dy.Plane >= DotKernel.Lanes;

    public override void Execute(int worker, int workers)
    {
        (int first, int last) = Share(_rowTiles * _columnTiles, worker, workers);
        if (first == last)
            return;
        float* sums = SimdMemory.Floats(_workspace);
        float* tails = sums + SumsLength + worker * TailsLength;
        new Span<float>(sums + (long)first * DotKernel.Elements, (last - first) * DotKernel.Elements).Clear();
        int whole = _dy.Plane / DotKernel.Lanes * DotKernel.Lanes;
        for (int n = 0; n < _dy.N; n++)
        {
            float* dy = Input(0).Plane(n, 0), x = Input(1).Plane(n, 0);
            for (int pixel = 0; pixel < whole; pixel += Block)
                Add(Math.Min(Block, whole - pixel), dy + pixel, x + pixel, _dy.Plane, first, last, sums);
            if (whole == _dy.Plane)
                continue;
            float* ofX = tails + _dy.C * DotKernel.Lanes;
            CopyTails(dy + whole, _dy, tails);
            CopyTails(x + whole, _x, ofX);
            Add(DotKernel.Lanes, tails, ofX, DotKernel.Lanes, first, last, sums);
        }
        Write(sums, first, last);
    }

    /// <summary>Where a tile begins: the last one overlaps the one before, as whole tiles are computed.</summary>
    private static int Start(int tile, int size, int channels) => Math.Min(tile * size, channels - size);

    private void Add(int count, float* dy, float* x, int stride, int first, int last, float* sums)
    {
        for (int item = first; item < last; item++)
        {
            int tile = item / _columnTiles;
            int row = Start(tile, DotKernel.Rows, _dy.C);
            int column = Start(item - tile * _columnTiles, DotKernel.Columns, _x.C);
            DotKernel.Run(count, dy + (long)row * stride, stride, x + (long)column * stride, stride,
                sums + (long)item * DotKernel.Elements);
        }
    }

    /// <summary>The pixels of each channel that fill no vector, with zeros after them.</summary>
    private static void CopyTails(float* source, Shape shape, float* target)
    {
        int count = shape.Plane % DotKernel.Lanes;
        for (int c = 0; c < shape.C; c++, source += shape.Plane, target += DotKernel.Lanes)
        {
            for (int i = 0; i < DotKernel.Lanes; i++)
                target[i] = i < count ? source[i] : 0;
        }
    }

    private void Write(float* sums, int first, int last)
    {
        for (int item = first; item < last; item++)
        {
            int tile = item / _columnTiles, across = item - tile * _columnTiles;
            int row = Start(tile, DotKernel.Rows, _dy.C), column = Start(across, DotKernel.Columns, _x.C);
            for (int r = tile * DotKernel.Rows - row; r < DotKernel.Rows; r++)
            {
                for (int c = across * DotKernel.Columns - column; c < DotKernel.Columns; c++)
                {
                    *Output(0).Plane(row + r, column + c) += DotKernel.Total(
                        sums + (long)item * DotKernel.Elements + (r * DotKernel.Columns + c) * DotKernel.Lanes);
                }
            }
        }
    }
}
