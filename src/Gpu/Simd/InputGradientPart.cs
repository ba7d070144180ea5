using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The pixels of an input's gradient at (<see cref="Row"/>, <see cref="Column"/>) modulo the stride. Only taps whose
/// distance from them is a multiple of the stride reach elements of dy: along an axis u = last, last - step, ..., which
/// read at equal distances. So the part is an ordinary convolution of dy at stride 1 with those taps, in reverse order.
/// Its filter and, if it is not the whole, its result lie in the workspace.
/// </summary>
internal sealed unsafe class InputGradientPart
{
    private readonly Convolution _forward;
    private readonly Convolution _convolution;
    private readonly ConvolutionProduct? _product;
    private readonly Axis _rows;
    private readonly Axis _columns;
    private readonly int _offset;

    /// <summary>Lays out a part.</summary>
    /// <param name="scratch">The workers' memory.</param>
    /// <param name="forward">The convolution.</param>
    /// <param name="dy">The shape of its output.</param>
    /// <param name="dx">The shape of its input.</param>
    /// <param name="row">The pixels' row modulo the stride.</param>
    /// <param name="column">Their column modulo the stride.</param>
    /// <param name="offset">Where the part's workspace begins: the filter, then the result.</param>
    public InputGradientPart(ConvolutionScratch[] scratch, Convolution forward, Shape dy, Shape dx, int row, int column, int offset)
    {
        (Row, Column, _offset, _forward) = (row, column, offset, forward);
        Size2D stride = forward.Stride;
        _rows = new Axis(row, forward.Kernel.Height, stride.Height, forward.Padding.Height, forward.Dilation.Height);
        _columns = new Axis(column, forward.Kernel.Width, stride.Width, forward.Padding.Width, forward.Dilation.Width);
        Output = dx with { H = (dx.H - row + stride.Height - 1) / stride.Height, W = (dx.W - column + stride.Width - 1) / stride.Width };
        _convolution = new Convolution(forward.OutChannels, forward.InChannels, (_rows.Count, _columns.Count), 1,
            (_rows.Padding, _columns.Padding), (_rows.Dilation, _columns.Dilation));
        if (!IsEmpty)
            _product = new ConvolutionProduct(scratch, _convolution, dy, Output);
    }

    /// <summary>The pixels' row modulo the stride.</summary>
    public int Row { get; }

    /// <summary>The pixels' column modulo the stride.</summary>
    public int Column { get; }

    /// <summary>The shape of the result.</summary>
    public Shape Output { get; }

    /// <summary>Whether no tap reaches these pixels: their gradient is zero.</summary>
    public bool IsEmpty => _rows.Count == 0 || _columns.Count == 0;

    /// <summary>Elements of the packed filter.</summary>
    public int FilterLength => ConvolutionFilter.Length(_convolution);

    /// <summary>The result in the workspace.</summary>
    public View Result(float* workspace) => new(workspace + _offset + FilterLength, null, (int)Output.ImageLength, Output);

    /// <summary>Packs a worker's share of the filter (out, in, kh, kw), with inputs as outputs and taps in reverse order.</summary>
    public void Pack(View filter, float* workspace, int worker, int workers)
    {
        int rows = Microkernel.Rows;
        (int first, int last) = SimdOperation.Share(ConvolutionFilter.Blocks(_convolution), worker, workers);
        float* target = workspace + _offset + (long)first * ConvolutionFilter.Depth(_convolution) * rows;
        for (int block = first; block < last; block++)
        {
            int present = Math.Min(rows, _forward.InChannels - block * rows);
            for (int o = 0; o < _forward.OutChannels; o++)
            {
                for (int i = 0; i < _rows.Count; i++)
                {
                    for (int j = 0; j < _columns.Count; j++, target += rows)
                    {
                        float* source = filter.Plane(o, block * rows) + _rows.Tap(i) * _forward.Kernel.Width + _columns.Tap(j);
                        for (int r = 0; r < rows; r++)
                            target[r] = r < present ? source[r * filter.Shape.Plane] : 0;
                    }
                }
            }
        }
    }

    /// <summary>Computes a worker's share of the result.</summary>
    public void Run(View dy, float* workspace, View result, int worker, int workers) =>
        _product?.Run(new ConvolutionOperands { Filter = workspace + _offset, Source = dy, Output = result }, worker, workers);

    /// <summary>Which taps u of an axis reach the pixels y with y modulo the stride given, and how they read dy.</summary>
    private readonly struct Axis
    {
        private readonly int _step;
        private readonly int _last;

        public Axis(int pixel, int kernel, int stride, int padding, int dilation)
        {
            // y + p - u*d = i*s for some u in the first of each run of s / gcd(s, d) taps, or for none.
            _step = stride / (int)BigInteger.GreatestCommonDivisor(stride, dilation);
            Dilation = _step * dilation / stride;
            for (int u = 0; u < Math.Min(kernel, _step); u++)
            {
                if ((pixel + padding - (long)u * dilation) % stride != 0)
                    continue;
                Count = (kernel - u + _step - 1) / _step;
                _last = u + (Count - 1) * _step;
                Padding = (_last * dilation - pixel - padding) / stride;
            }
        }

        /// <summary>The number of taps.</summary>
        public int Count { get; }

        /// <summary>Elements of dy from one tap to the next.</summary>
        public int Dilation { get; }

        /// <summary>How far before the pixel's number the first tap reads; negative where it reads after.</summary>
        public int Padding { get; }

        /// <summary>The filter's tap that is number <paramref name="index"/> of the part.</summary>
        public int Tap(int index) => _last - index * _step;
    }
}
