using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// A depthwise 3x3 that keeps the plane, read as it lies. Two rows of outputs are made at a time, as far apart as the taps,
/// so that what both read is loaded once. The taps of the left and the right column are masked where they would read the row
/// before or the next. Where taps lie above or below the plane, a copy with zeros around it is read. Rows that are not whole
/// vectors end in one that overlaps the one before, as the last two rows may: nothing is stored in part, and both give the
/// same bits.
/// </summary>
internal sealed unsafe partial class DepthwiseFlat
{
    /// <summary>Planes up to this many elements are copied whole: two copies and three runs would cost more.</summary>
    private const int Short = 512;

    private readonly int _height, _width, _step, _down, _copied;
    private readonly WorkerBuffers _buffers;
    private readonly float[] _masks;

    private DepthwiseFlat(Team team, DepthwiseGeometry geometry, Shape plane)
    {
        (_height, _width) = (plane.H, plane.W);
        (_down, _step) = (geometry.Dilation.Height, geometry.Dilation.Width);
        // The rows that are read for the outputs at one end of which a tap lies outside.
        int rows = 4 * _down + 1;
        _copied = (plane.Plane <= Short || _height <= rows ? _height : rows) * _width;
        int length = checked(2 * Margin + _copied);
        _buffers = new WorkerBuffers(team, length);
        for (int worker = 0; worker < team.Size; worker++)
            new Span<float>(_buffers[worker], length).Clear();
        _masks = GC.AllocateArray<float>(2 * _width, pinned: true);
        for (int j = 0; j < _width; j++)
        {
            _masks[j] = BitConverter.Int32BitsToSingle(j >= _step ? -1 : 0);
            _masks[_width + j] = BitConverter.Int32BitsToSingle(j < _width - _step ? -1 : 0);
        }
    }

    /// <summary>Elements between the first or the last of a plane and what a tap reads outside of it.</summary>
    private int Margin => _down * _width + _step;

    /// <summary>For a geometry that keeps the plane; null for another.</summary>
    public static DepthwiseFlat? Of(Team team, DepthwiseGeometry geometry, Shape plane) =>
        geometry.Kernel == 3 && geometry.Stride == 1 && geometry.Spread == 1 && geometry.Terms == 1
        && geometry.Padding == geometry.Dilation && 2 * geometry.Dilation.Height <= plane.H
        && geometry.Dilation.Width <= plane.W && plane.W >= Vector<float>.Count
            ? new DepthwiseFlat(team, geometry, plane)
            : null;

    /// <summary>Computes a plane.</summary>
    public void Run(int worker, float* x, float* filter, float bias, bool relu, float* y)
    {
        float* copy = _buffers[worker] + Margin;
        new Span<float>(x, _copied).CopyTo(new Span<float>(copy, _copied));
        int plane = _height * _width;
        if (_copied == plane)
        {
            Rows(copy, 0, _height, filter, bias, relu, y);
            return;
        }
        int top = _down + 1, bottom = _height - 1 - 2 * _down;
        Rows(copy, 0, top, filter, bias, relu, y);
        Rows(x, top, bottom, filter, bias, relu, y);
        new Span<float>(x + plane - _copied, _copied).CopyTo(new Span<float>(copy, _copied));
        Rows(copy - (plane - _copied), bottom, _height, filter, bias, relu, y);
    }

    /// <summary>Rows in the widest vectors that fit them.</summary>
    private void Rows(float* x, int first, int end, float* filter, float bias, bool relu, float* y)
    {
        if (Vector512.IsHardwareAccelerated && _width >= Vector512<float>.Count)
            Rows512(x, first, end, filter, bias, relu, y);
        else
            RowsOfAny(x, first, end, filter, bias, relu, y);
    }

    /// <summary>Of the rows [first, end) those whose other row lies below them or, at the lower end, above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RowsOfAny(float* x, int first, int end, float* filter, float bias, bool relu, float* y)
    {
        var masks = (float*)Unsafe.AsPointer(ref _masks[0]);
        nint width = _width, step = _step, apart = (nint)_down * width, last = width - Vector<float>.Count;
        Vector<float> w0 = new(filter[0]), w1 = new(filter[1]), w2 = new(filter[2]);
        Vector<float> w3 = new(filter[3]), w4 = new(filter[4]), w5 = new(filter[5]);
        Vector<float> w6 = new(filter[6]), w7 = new(filter[7]), w8 = new(filter[8]);
        for (int i = first; i < end; i++)
        {
            if (_down == 1 ? (i & 1) != 0 : (i / _down & 1) != 0)
                continue;
            nint row = (i + _down < _height ? i : i - _down) * width;
            float* b = x + row - step, a = b - apart, c = b + apart, d = c + apart;
            float* upper = y + row, lower = upper + apart;
            for (nint j = 0; ; j = Math.Min(j + Vector<float>.Count, last))
            {
                nint k = j + step, l = k + step;
                Vector<float> left = Vector.Load(masks + j), right = Vector.Load(masks + width + j);
                // A sum for each row of the filter, as one of nine terms would wait for each of its additions.
                Vector<float> x0 = Vector.Load(a + j) & left, x1 = Vector.Load(a + k), x2 = Vector.Load(a + l) & right;
                Vector<float> sum = Add(x0, w0, x1, w1, x2, w2, new Vector<float>(bias));
                (x0, x1, x2) = (Vector.Load(b + j) & left, Vector.Load(b + k), Vector.Load(b + l) & right);
                Vector<float> second = Add(x0, w3, x1, w4, x2, w5, Vector<float>.Zero);
                Vector<float> other = Add(x0, w0, x1, w1, x2, w2, new Vector<float>(bias));
                (x0, x1, x2) = (Vector.Load(c + j) & left, Vector.Load(c + k), Vector.Load(c + l) & right);
                sum = sum + second + Add(x0, w6, x1, w7, x2, w8, Vector<float>.Zero);
                second = Add(x0, w3, x1, w4, x2, w5, Vector<float>.Zero);
                (x0, x1, x2) = (Vector.Load(d + j) & left, Vector.Load(d + k), Vector.Load(d + l) & right);
                other = other + second + Add(x0, w6, x1, w7, x2, w8, Vector<float>.Zero);
                if (relu)
                    (sum, other) = (SimdMath.Relu(sum), SimdMath.Relu(other));
                sum.Store(upper + j);
                other.Store(lower + j);
                if (j == last)
                    break;
            }
        }
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Add(
        Vector<float> x0, Vector<float> w0, Vector<float> x1, Vector<float> w1, Vector<float> x2, Vector<float> w2, Vector<float> sum) =>
        Vector.MultiplyAddEstimate(x2, w2, Vector.MultiplyAddEstimate(x1, w1, Vector.MultiplyAddEstimate(x0, w0, sum)));
}
