using System.Numerics;

namespace SpGpu.Gpu.Simd.Winograd;

/// <summary>
/// The gradient by the filter of a 3x3 convolution of stride 1, as the transpose of <see cref="WinogradConvolution"/>: inputs
/// and output gradients of tiles are transformed, multiplied as 36 matrix products (out x tiles times tiles x in), and the
/// sums over all tiles transformed to 3x3. Tiles come in chunks, whose sums are added up in order, so that bits depend on
/// the shapes only.
/// </summary>
internal sealed unsafe class WinogradFilterGradient : SimdOperation
{
    /// <summary>Elements of the transforms of a chunk of tiles.</summary>
    private const int ChunkLength = 1 << 18;

    /// <summary>Fewer tiles in a chunk would not be worth reading all sums, where these stay in a cache.</summary>
    private const int FewestTiles = 64;

    /// <summary>Elements of sums that do not: chunks have twice as many tiles.</summary>
    private const int ManySums = 1 << 20;

    private const int Numbers = WinogradChunk.Numbers;
    private const int Side = WinogradTiling.Inputs;
    private const int Taps = 9;
    private const int Skew = 16;

    private readonly string _name;
    private readonly Workspace _workspace;
    private readonly Shape _dy;
    private readonly Shape _x;
    private readonly WinogradTiling _tiling;
    private readonly WinogradPanels<OutputGradientTransform> _outputs;
    private readonly WinogradPanels<InputTransform> _inputs;
    private readonly WorkerBuffers _lines;
    private readonly int _blocks;
    private readonly int _panels;
    private readonly int _rows;
    private readonly int _chunks;

    public WinogradFilterGradient(SimdDevice device, ConvolutionFilterGradient gradient, ReadOnlySpan<Shape> inputs) : base(device.Team)
    {
        (_name, _workspace, _dy, _x) = (gradient.Name, device.Workspace, inputs[0], inputs[1]);
        _tiling = new WinogradTiling(gradient.Forward, _dy);
        _outputs = new(device.Team, _dy, _tiling, 0, Microkernel.Rows);
        _inputs = new(device.Team, _x, _tiling, gradient.Forward.Padding, Microkernel.Columns);
        _blocks = (_dy.C + Microkernel.Rows - 1) / Microkernel.Rows;
        _panels = Panels(_x.C);
        _lines = new WorkerBuffers(device.Team, checked(2 * Taps * Channels));
        int fewest = Numbers * SumStride > ManySums ? 2 * FewestTiles : FewestTiles;
        int most = WinogradChunk.RowsIn(ChunkLength, fewest, _tiling.TilesOfRow, Channels, _blocks);
        int rows = _dy.N * _tiling.Rows;
        _chunks = (rows + most - 1) / most;
        _rows = (rows + _chunks - 1) / _chunks;
        _workspace.Reserve(Numbers * (OutputStride + InputStride + SumStride));
    }

    public override string Variant => FormattableString.Invariant($"{_name} winograd{Microkernel.Columns * 16}");

    /// <summary>Transform and multiply each chunk, transform the sums.</summary>
    protected override int Phases => 2 * _chunks + 1;

    /// <summary>Input channels in whole panels.</summary>
    private int Channels => _panels * Microkernel.Columns;

    /// <summary>The most tiles of a chunk.</summary>
    private int Tiles => _rows * _tiling.TilesOfRow;

    // From one of the 36 matrices to the next; no powers of two, so that they lie in different sets of the caches.
    private long OutputStride => (long)_blocks * WinogradChunk.FilterBlock(Tiles) + Skew;

    private long InputStride => (long)Channels * Tiles + Skew;

    private long SumStride => (long)_blocks * Microkernel.Rows * Channels + Skew;

    /// <summary>Whether it can compute a gradient, and faster than plain sums.</summary>
    public static bool Pays(Convolution convolution, Shape dy)
    {
        if (!WinogradTiling.Suits(convolution, dy))
            return false;
        var tiling = new WinogradTiling(convolution, dy);
        long channels = (long)Panels(convolution.InChannels) * Microkernel.Columns;
        return (long)Numbers * tiling.Rows * tiling.TilesOfRow * channels <= (long)Taps * dy.Plane * convolution.InChannels;
    }

    public override void Execute(int worker, int workers)
    {
        float* outputs = SimdMemory.Floats(_workspace);
        float* inputs = outputs + Numbers * OutputStride;
        float* sums = inputs + Numbers * InputStride;
        int chunk = Phase / 2;
        if (chunk == _chunks)
            WriteFilters(sums, worker, workers);
        else if (Phase % 2 == 0)
            Transform(chunk, outputs, inputs, worker, workers);
        else
            Multiply(chunk, outputs, inputs, sums, worker, workers);
    }

    private static int Panels(int channels) => (channels + Microkernel.Columns - 1) / Microkernel.Columns;

    /// <summary>Rows of tiles [first, last) of a chunk, of all images.</summary>
    private (int First, int Last) RowsOf(int chunk) => (chunk * _rows, Math.Min((chunk + 1) * _rows, _dy.N * _tiling.Rows));

    private void Transform(int chunk, float* outputs, float* inputs, int worker, int workers)
    {
        (int first, int end) = Share(_blocks + _panels, worker, workers);
        (int firstRow, int lastRow) = RowsOf(chunk);
        int tiles = (lastRow - firstRow) * _tiling.TilesOfRow;
        for (int item = first; item < end; item++)
        {
            bool isOutput = item < _blocks;
            int width = isOutput ? Microkernel.Rows : Microkernel.Columns;
            int channel = (isOutput ? item : item - _blocks) * width;
            float* target = isOutput ? outputs + (long)item * WinogradChunk.FilterBlock(tiles) : inputs + (long)channel * tiles;
            for (int row = firstRow; row < lastRow;)
            {
                int n = row / _tiling.Rows;
                int start = row - n * _tiling.Rows;
                int last = Math.Min(_tiling.Rows, start + lastRow - row);
                if (isOutput)
                    _outputs.Run(Input(0).Plane(n, channel), Math.Min(width, _dy.C - channel), start, last, target, OutputStride, worker);
                else
                    _inputs.Run(Input(1).Plane(n, channel), Math.Min(width, _x.C - channel), start, last, target, InputStride, worker);
                target += (long)(last - start) * _tiling.TilesOfRow * width;
                row += last - start;
            }
        }
    }

    private void Multiply(int chunk, float* outputs, float* inputs, float* sums, int worker, int workers)
    {
        (int firstRow, int lastRow) = RowsOf(chunk);
        int tiles = (lastRow - firstRow) * _tiling.TilesOfRow;
        (int first, int last) = Share(Numbers * _panels, worker, workers);
        for (int item = first; item < last; item++)
        {
            int number = item / _panels;
            int channel = (item - number * _panels) * Microkernel.Columns;
            float* input = inputs + number * InputStride + (long)channel * tiles;
            float* sum = sums + number * SumStride + channel;
            for (int block = 0; block < _blocks; block++)
            {
                int output = block * Microkernel.Rows;
                Microkernel.Run(Math.Min(Microkernel.Rows, _dy.C - output), tiles,
                    outputs + number * OutputStride + (long)block * WinogradChunk.FilterBlock(tiles), input,
                    new TileStore(sum + (long)output * Channels, Channels) { Adds = chunk > 0 });
            }
        }
    }

    /// <summary>Adds the filters of a worker's share of output channels to the gradient.</summary>
    private void WriteFilters(float* sums, int worker, int workers)
    {
        float* lines = _lines[worker];
        float* filters = lines + Taps * Channels;
        int length = Taps * _x.C;
        (int first, int last) = Share(_dy.C, worker, workers);
        for (int o = first; o < last; o++)
        {
            for (int c = 0; c < Channels; c += Vector<float>.Count)
                TransformSums(sums + (long)o * Channels + c, lines + c);
            Transposition.Run(lines, Channels, Taps, _x.C, filters, Taps);
            float* target = Output(0).Plane(o, 0);
            for (int j = 0; j < length; j += Vector<float>.Count)
                SimdMath.Store(SimdMath.Load(target + j, length - j) + SimdMath.Load(filters + j, length - j), target + j, length - j);
        }
    }

    private void TransformSums(float* sums, float* lines)
    {
        float* rows = stackalloc float[3 * Side * Vector<float>.Count];
        for (int column = 0; column < Side; column++)
        {
            ToTaps(sums + column * SumStride, Side * SumStride, out Vector<float> g0, out Vector<float> g1, out Vector<float> g2);
            g0.Store(rows + column * Vector<float>.Count);
            g1.Store(rows + (Side + column) * Vector<float>.Count);
            g2.Store(rows + (2 * Side + column) * Vector<float>.Count);
        }
        for (int row = 0; row < 3; row++)
        {
            float* from = rows + row * Side * Vector<float>.Count;
            ToTaps(from, Vector<float>.Count, out Vector<float> g0, out Vector<float> g1, out Vector<float> g2);
            g0.Store(lines + (3 * row) * Channels);
            g1.Store(lines + (3 * row + 1) * Channels);
            g2.Store(lines + (3 * row + 2) * Channels);
        }

        static void ToTaps(float* from, long stride, out Vector<float> g0, out Vector<float> g1, out Vector<float> g2) =>
            WinogradTransform.FilterGradient(Vector.Load(from), Vector.Load(from + stride), Vector.Load(from + 2 * stride),
                Vector.Load(from + 3 * stride), Vector.Load(from + 4 * stride), Vector.Load(from + 5 * stride), out g0, out g1, out g2);
    }
}
