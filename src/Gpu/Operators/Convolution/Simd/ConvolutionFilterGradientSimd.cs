using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The gradient by the filter as a matrix product whose depth is the pixels of all images: dy, packed once, times the
/// pixels of x under each tap, of which a worker packs a block at a time and multiplies all of dy with it. Sums over
/// depth are taken in blocks, and where the filter has too few taps to share out, in chunks of blocks that are added up
/// at the end; both depend on the shapes only.
/// </summary>
internal sealed unsafe class ConvolutionFilterGradientSimd : SimdOperation
{
    /// <summary>Items to share out, at least, if there are pixels enough.</summary>
    private const int Items = 32;

    private readonly PanelScratch[] _scratch;
    private readonly Workspace _workspace;
    private readonly string _name;
    private readonly ConvolutionSource _outputs;
    private readonly ConvolutionSource _inputs;
    private readonly Shape _dy;
    private readonly Shape _filter;
    private readonly int _rowBlocks;
    private readonly int _panels;
    private readonly int _pixels;
    private readonly int _chunks;
    private readonly int _steps;

    public ConvolutionFilterGradientSimd(SimdDevice device, ConvolutionFilterGradient gradient, ReadOnlySpan<Shape> inputs)
        : base(device.Team)
    {
        _scratch = device.Scratch;
        _workspace = device.Workspace;
        _name = gradient.Name;
        _dy = inputs[0];
        _filter = gradient.Infer(inputs)[0];
        _outputs = new ConvolutionSource(new Convolution(_dy.C, 1, 1, 1, 0, 1), _dy, _dy);
        _inputs = new ConvolutionSource(gradient.Forward, inputs[1], _dy);
        _rowBlocks = (_dy.C + Microkernel.Rows - 1) / Microkernel.Rows;
        _panels = ((int)_filter.ImageLength + Microkernel.Columns - 1) / Microkernel.Columns;
        _pixels = checked(_dy.N * _dy.Plane);
        _chunks = Math.Clamp((Items + _panels - 1) / _panels, 1, Math.Max(1, _pixels / PanelScratch.Depth));
        // As many blocks in each chunk, of whole squares to transpose.
        int blocks = (_pixels + _chunks * PanelScratch.Depth - 1) / (_chunks * PanelScratch.Depth) * _chunks;
        _steps = ((_pixels + blocks - 1) / blocks + 3) & -4;
        _workspace.Reserve(checked(PackedLength + (_chunks == 1 ? 0 : _chunks * (int)_filter.Count)));
    }

    public override string Variant => FormattableString.Invariant($"{_name} simd{Microkernel.Columns * 16}");

    /// <summary>Pack dy, multiply, add up the chunks.</summary>
    protected override int Phases => _chunks == 1 ? 2 : 3;

    private int PackedLength => checked(_rowBlocks * Microkernel.Rows * _pixels);

    private int Blocks => (_pixels + _steps - 1) / _steps;

    public override void Execute(int worker, int workers)
    {
        float* packed = SimdMemory.Floats(_workspace);
        switch (Phase)
        {
            case 0:
                PackOutputs(packed, worker, workers);
                break;
            case 1:
                Multiply(packed, worker, workers);
                break;
            default:
                AddChunks(packed + PackedLength, worker, workers);
                break;
        }
    }

    private void PackOutputs(float* packed, int worker, int workers)
    {
        (int first, int last) = Share(Blocks * _rowBlocks, worker, workers);
        for (int item = first; item < last; item++)
        {
            int block = item / _rowBlocks;
            int channel = (item - block * _rowBlocks) * Microkernel.Rows;
            Pack(_outputs, Input(0), 1, channel, Math.Min(Microkernel.Rows, _dy.C - channel), Microkernel.Rows, block,
                _scratch[worker].Line, PackedOutputs(packed, block, channel));
        }
    }

    private float* PackedOutputs(float* packed, int block, int channel) =>
        packed + (long)block * _steps * _rowBlocks * Microkernel.Rows + (long)channel * Steps(block);

    private void Multiply(float* packed, int worker, int workers)
    {
        (int first, int last) = Share(_chunks * _panels, worker, workers);
        while (first < last)
        {
            int chunk = first / _panels;
            int panel = first - chunk * _panels;
            int remaining = Math.Min(last - first, _panels - panel);
            int count = remaining / ((remaining + PanelScratch.Panels - 1) / PanelScratch.Panels);
            (int firstBlock, int lastBlock) = Share(Blocks, chunk, _chunks);
            for (int block = firstBlock; block < lastBlock; block++)
            {
                if (_chunks == 1)
                    MultiplyBlock(packed, _scratch[worker], block, panel, count, Output(0).Floats, Output(0).BatchStride, isAdded: true);
                else
                    MultiplyBlock(packed, _scratch[worker], block, panel, count, packed + PackedLength + chunk * _filter.Count,
                        _filter.ImageLength, block > firstBlock);
            }
            first += count;
        }
    }

    private void MultiplyBlock(
        float* packed, PanelScratch scratch, int block, int panel, int panels, float* target, long stride, bool isAdded)
    {
        int steps = Steps(block);
        int columns = Microkernel.Columns;
        int taps = (int)_filter.ImageLength;
        for (int p = 0; p < panels; p++)
        {
            int tap = (panel + p) * columns;
            Pack(_inputs, Input(1), _filter.Plane, tap, Math.Min(columns, taps - tap), columns, block,
                scratch.Line, scratch.Packed + (long)p * steps * columns);
        }
        for (int channel = 0; channel < _dy.C; channel += Microkernel.Rows)
        {
            for (int p = 0; p < panels; p++)
            {
                int tap = (panel + p) * columns;
                float* a = PackedOutputs(packed, block, channel), b = scratch.Packed + (long)p * steps * columns;
                float* to = target + channel * stride + tap;
                int rows = Math.Min(Microkernel.Rows, _dy.C - channel);
                if (rows == Microkernel.RowsFor(rows) && tap + columns <= taps)
                {
                    Microkernel.Run(rows, steps, a, b, new TileStore(to, stride) { Adds = isAdded });
                    continue;
                }
                Microkernel.Run(rows, steps, a, b, new TileStore(scratch.Tile, columns));
                Store(scratch.Tile, rows, Math.Min(columns, taps - tap), to, stride, isAdded);
            }
        }
    }

    /// <summary>Packs a block of pixels under taps [first, first + count) of (channel, kh, kw) into a panel of the given width.</summary>
    private void Pack(
        ConvolutionSource source, View image, int taps, int first, int count, int width, int block, float* lines, float* panel)
    {
        int steps = Steps(block);
        int firstImage = block * _steps / _dy.Plane;
        int start = block * _steps - firstImage * _dy.Plane;
        if (source.IsPlain && start + steps <= _dy.Plane)
        {
            // Pixels of one image under a tap that does not move them: they are read where they lie.
            Transposition.Run(image.Plane(firstImage, first) + start, _dy.Plane, count, steps, panel, width);
            return;
        }
        for (int r = 0; r < count; r++)
        {
            int channel = (first + r) / taps;
            int done = 0;
            while (done < steps)
            {
                int n = (block * _steps + done) / _dy.Plane;
                int pixel = block * _steps + done - n * _dy.Plane;
                int pixels = Math.Min(steps - done, _dy.Plane - pixel);
                source.Gather(image.Plane(n, 0), null, channel, first + r - channel * taps, pixel, pixels,
                    lines + r * PanelScratch.LineStride + done);
                done += pixels;
            }
        }
        Transposition.Run(lines, PanelScratch.LineStride, count, steps, panel, width);
    }

    private int Steps(int block) => Math.Min(_steps, _pixels - block * _steps);

    private static void Store(float* tile, int rows, int columns, float* target, long stride, bool isAdded)
    {
        for (int r = 0; r < rows; r++, tile += Microkernel.Columns, target += stride)
        {
            for (int j = 0; j < columns; j += Vector<float>.Count)
            {
                Vector<float> value = Vector.Load(tile + j);
                if (isAdded)
                    value += SimdMath.Load(target + j, columns - j);
                SimdMath.Store(value, target + j, columns - j);
            }
        }
    }

    private void AddChunks(float* chunks, int worker, int workers)
    {
        View dw = Output(0);
        int length = (int)_filter.ImageLength;
        (int first, int last) = Share(_dy.C, worker, workers);
        for (int o = first; o < last; o++)
        {
            float* target = dw.Plane(o, 0);
            for (int j = 0; j < length; j += Vector<float>.Count)
            {
                Vector<float> sum = SimdMath.Load(target + j, length - j);
                for (int chunk = 0; chunk < _chunks; chunk++)
                    sum += SimdMath.Load(chunks + chunk * _filter.Count + (long)o * length + j, length - j);
                SimdMath.Store(sum, target + j, length - j);
            }
        }
    }
}
