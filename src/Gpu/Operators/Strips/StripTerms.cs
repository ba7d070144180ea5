using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>What an element at row h and column w of a plane adds to the strip sums.</summary>
internal interface IStripTerm
{
    static abstract float Of(StripElements plane, int h, int w);
}

/// <summary>The terms of <see cref="StripSumsKernels"/>.</summary>
internal static class StripTerms
{
    /// <summary>x itself.</summary>
    internal readonly struct Plain : IStripTerm
    {
        public static float Of(StripElements plane, int h, int w) => plane.X(h, w);
    }

    /// <summary>x where column + row &gt; 0, else 0: the gradient of expand-add-relu.</summary>
    internal readonly struct ReluGradient : IStripTerm
    {
        public static float Of(StripElements plane, int h, int w) => plane.Expanded(h, w) > 0f ? plane.X(h, w) : 0f;
    }

    /// <summary>x * factor * s * (1 - s) with s = sigmoid(column + row): the gradient of the gate.</summary>
    internal readonly struct GateGradient : IStripTerm
    {
        public static float Of(StripElements plane, int h, int w)
        {
            float gate = KernelMath.Sigmoid(plane.Expanded(h, w));
            return plane.X(h, w) * plane.Factor(h, w) * (gate * (1f - gate));
        }
    }
}

/// <summary>One plane of what strip sums are made of.</summary>
internal readonly struct StripElements
{
    private readonly ArrayView<float> _x, _factor, _columns, _rows;
    private readonly int _inX, _inFactor, _inColumns, _inRows, _width;

    public StripElements(
        ArrayView<float> x, ArrayView<float> factor, ArrayView<float> columns, ArrayView<float> rows, in StripSumsScalars s, int n,
        int channel)
    {
        int plane = channel * s.Height.Value * s.Width;
        (_x, _factor, _columns, _rows) = (x, factor, columns, rows);
        _inX = s.X.Image(n) + plane;
        _inFactor = s.Factor.Image(n) + plane;
        _inColumns = s.Column.Image(n) + channel * s.Height.Value;
        _inRows = s.Row.Image(n) + channel * s.Width;
        _width = s.Width;
    }

    /// <summary>x[h,w].</summary>
    public float X(int h, int w) => _x[_inX + h * _width + w];

    /// <summary>factor[h,w].</summary>
    public float Factor(int h, int w) => _factor[_inFactor + h * _width + w];

    /// <summary>column[h] + row[w].</summary>
    public float Expanded(int h, int w) => _columns[_inColumns + h] + _rows[_inRows + w];
}
