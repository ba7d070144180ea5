using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The pixels of an input's gradient with a certain row and column modulo the stride. Only taps whose
/// distance from them is a multiple of the stride reach elements of dy: along an axis u = last, last - step, ..., which
/// read at equal distances. So the part is an ordinary convolution of dy at stride 1 with those taps, in reverse order.
/// Its filter and, if it is not the whole, its result lie in the workspace.
/// </summary>
internal sealed unsafe class InputGradientPart
{
    /// <summary>Blocks of channels that are packed together: the filter is read in runs of some cache lines.</summary>
    private const int BlocksAtOnce = 8;

    private readonly Convolution _forward;
    private readonly Convolution _convolution;
    private readonly int[] _taps;
    private readonly int _offset;

    /// <summary>Lays out a part.</summary>
    /// <param name="device">The processor.</param>
    /// <param name="forward">The convolution.</param>
    /// <param name="dy">The shape of its output.</param>
    /// <param name="dx">The shape of its input.</param>
    /// <param name="row">The pixels' row modulo the stride.</param>
    /// <param name="column">Their column modulo the stride.</param>
    /// <param name="offset">Where the part's workspace begins: the filter, then the result.</param>
    public InputGradientPart(SimdDevice device, Convolution forward, Shape dy, Shape dx, int row, int column, int offset)
    {
        (_offset, _forward) = (offset, forward);
        Size2D stride = forward.Stride;
        var rows = new Axis(row, forward.Kernel.Height, stride.Height, forward.Padding.Height, forward.Dilation.Height);
        var columns = new Axis(column, forward.Kernel.Width, stride.Width, forward.Padding.Width, forward.Dilation.Width);
        Output = dx with { H = (dx.H - row + stride.Height - 1) / stride.Height, W = (dx.W - column + stride.Width - 1) / stride.Width };
        _convolution = new Convolution(forward.OutChannels, forward.InChannels, (rows.Count, columns.Count), 1,
            (rows.Padding, columns.Padding), (rows.Dilation, columns.Dilation));
        _taps = [.. from i in Enumerable.Range(0, rows.Count)
                    from j in Enumerable.Range(0, columns.Count)
                    select rows.Tap(i) * forward.Kernel.Width + columns.Tap(j)];
        // Parts share the workspace of their algorithms, which only plain products do without.
        if (!IsEmpty)
            Algorithm = stride == 1
                ? ConvolutionAlgorithm.Choose(device, _convolution, dy, Output)
                : new ConvolutionProduct(device.Scratch, _convolution, dy, Output);
    }

    /// <summary>The shape of the result.</summary>
    public Shape Output { get; }

    /// <summary>Whether no tap reaches these pixels: their gradient is zero.</summary>
    public bool IsEmpty => _taps.Length == 0;

    /// <summary>Elements of the packed filter.</summary>
    public int FilterLength => ConvolutionFilter.RoomFor(_convolution);

    /// <summary>How it is computed; null for an empty part.</summary>
    public ConvolutionAlgorithm? Algorithm { get; }

    /// <summary>The result in the workspace.</summary>
    public View Result(float* workspace) => new(workspace + _offset + FilterLength, null, (int)Output.ImageLength, Output);

    /// <summary>Row <paramref name="y"/> of a plane of the result.</summary>
    public float* Row(float* workspace, int plane, int y) => Result(workspace).Plane(plane) + (long)y * Output.W;

    /// <summary>Packs a worker's share of the filter (out, in, kh, kw), with inputs as outputs and taps in reverse order.</summary>
    public void Pack(View filter, float* workspace, int worker, int workers)
    {
        int rows = Microkernel.Rows;
        long length = (long)_taps.Length * rows;
        (int first, int last) = SimdOperation.Share(ConvolutionFilter.Blocks(_convolution), worker, workers);
        for (int start = first; start < last; start += BlocksAtOnce)
        {
            for (int o = 0; o < _forward.OutChannels; o++)
            {
                for (int block = start; block < Math.Min(start + BlocksAtOnce, last); block++)
                {
                    float* source = filter.Plane(o, block * rows);
                    float* target = workspace + _offset + ((long)block * _forward.OutChannels + o) * length;
                    int present = Math.Min(rows, _forward.InChannels - block * rows);
                    for (int i = 0; i < _taps.Length; i++)
                        Pick(source + _taps[i], filter.Shape.Plane, present, target + i * rows);
                }
            }
        }
    }

    /// <summary>Computes a worker's share of the result.</summary>
    public void Run(View dy, Workspace workspace, int taken, View result, int phase, int worker, int workers)
    {
        var operands = new ConvolutionOperands { Filter = SimdMemory.Floats(workspace) + _offset, Source = dy, Output = result };
        operands.UseWorkspace(workspace, taken);
        Algorithm?.Run(operands, phase, worker, workers);
    }

    /// <summary>One tap of a block of channels; missing channels are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pick(float* source, int stride, int present, float* target)
    {
        if (present == Microkernel.Rows)
        {
            for (int r = 0; r < Microkernel.Rows; r++, source += stride)
                target[r] = *source;
            return;
        }
        for (int r = 0; r < Microkernel.Rows; r++)
            target[r] = r < present ? source[r * stride] : 0;
    }

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
