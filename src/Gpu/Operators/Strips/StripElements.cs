using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>The elements of one plane in the columns of one thread.</summary>
internal readonly struct StripElements
{
    private readonly ArrayView<float> _x, _factor, _columns, _gated;
    private readonly int _inX, _inFactor, _inColumns, _inGated, _height, _width;
    private readonly bool _own;
    private readonly Float4 _row;

    /// <param name="x">x, and the others likewise.</param>
    /// <param name="factor">What x is multiplied by.</param>
    /// <param name="columns">N,C,H,1.</param>
    /// <param name="row">The elements of N,C,1,W in the thread's columns.</param>
    /// <param name="gated">Where x * sigmoid(column + row) goes.</param>
    /// <param name="s">Places and extents.</param>
    /// <param name="n">The image.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="w">The thread's first column.</param>
    /// <param name="own">Whether the thread has any.</param>
    public StripElements(
        ArrayView<float> x, ArrayView<float> factor, ArrayView<float> columns, Float4 row, ArrayView<float> gated,
        in StripSumsScalars s, int n, int channel, int w, bool own)
    {
        int plane = channel * s.Height * s.Width + w;
        (_x, _factor, _columns, _row, _gated) = (x, factor, columns, row, gated);
        _inX = s.X.Image(n) + plane;
        _inFactor = s.Factor.Image(n) + plane;
        _inColumns = s.Column.Image(n) + channel * s.Height;
        _inGated = s.Gated.Image(n) + plane;
        _height = s.Height;
        _width = s.Width;
        _own = own;
    }

    /// <summary>Asks for what the terms of row h are made of; for zeros if the plane has no such row or the thread no columns.</summary>
    public Row Load<TTerm, TItem>(int h)
        where TTerm : struct, IStripTerm
        where TItem : struct, IItem
    {
        bool wanted = _own & h < _height;
        Float4 factor = default;
        float column = 0f;
        Float4 x = TItem.Load(_x, _inX + h * _width, wanted);
        if (TTerm.ReadsFactor)
            factor = TItem.Load(_factor, _inFactor + h * _width, wanted);
        if (TTerm.ReadsStrips)
            column = GlobalMemory.Load(_columns, _inColumns + h, wanted);
        return new(x, factor, column);
    }

    /// <summary>The terms of row h, of what was loaded of it.</summary>
    public Float4 Terms<TTerm, TItem>(Row row, int h)
        where TTerm : struct, IStripTerm
        where TItem : struct, IItem
    {
        Float4 expanded = default;
        if (TTerm.ReadsStrips)
            expanded = Float4.All(row.Column) + _row;
        if (TTerm.Gates && _own & h < _height)
            TItem.Store(_gated, _inGated + h * _width, row.X * Float4.Sigmoid(expanded));
        return TTerm.Of(row.X, row.Factor, expanded);
    }

    /// <summary>What was loaded of one row.</summary>
    internal readonly struct Row(Float4 x, Float4 factor, float column)
    {
        public readonly Float4 X = x, Factor = factor;
        public readonly float Column = column;
    }
}
