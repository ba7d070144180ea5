using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>What an element of a plane adds to the strip sums; four neighbours at once.</summary>
internal interface IStripTerm
{
    /// <summary>Whether it needs what x is multiplied by.</summary>
    static abstract bool ReadsFactor { get; }

    /// <summary>Whether it needs column + row.</summary>
    static abstract bool ReadsStrips { get; }

    static abstract Float4 Of(Float4 x, Float4 factor, Float4 expanded);
}

/// <summary>The terms of <see cref="StripSumsKernels"/>.</summary>
internal static class StripTerms
{
    /// <summary>x itself.</summary>
    internal readonly struct Plain : IStripTerm
    {
        public static bool ReadsFactor => false;

        public static bool ReadsStrips => false;

        public static Float4 Of(Float4 x, Float4 factor, Float4 expanded) => x;
    }

    /// <summary>x where column + row &gt; 0, else 0: the gradient of expand-add-relu.</summary>
    internal readonly struct ReluGradient : IStripTerm
    {
        public static bool ReadsFactor => false;

        public static bool ReadsStrips => true;

        public static Float4 Of(Float4 x, Float4 factor, Float4 expanded) => new(
            expanded.X > 0f ? x.X : 0f, expanded.Y > 0f ? x.Y : 0f, expanded.Z > 0f ? x.Z : 0f, expanded.W > 0f ? x.W : 0f);
    }

    /// <summary>x * factor * s * (1 - s) with s = sigmoid(column + row): the gradient of the gate.</summary>
    internal readonly struct GateGradient : IStripTerm
    {
        public static bool ReadsFactor => true;

        public static bool ReadsStrips => true;

        public static Float4 Of(Float4 x, Float4 factor, Float4 expanded)
        {
            Float4 gate = Float4.Sigmoid(expanded);
            return x * factor * (gate * (Float4.All(1f) - gate));
        }
    }
}

/// <summary>The elements of one plane in the columns of one thread.</summary>
internal readonly struct StripElements
{
    private readonly ArrayView<float> _x, _factor, _columns;
    private readonly int _inX, _inFactor, _inColumns, _height, _width;
    private readonly bool _own;
    private readonly Float4 _row;

    /// <param name="x">x, and the others likewise.</param>
    /// <param name="factor">What x is multiplied by.</param>
    /// <param name="columns">N,C,H,1.</param>
    /// <param name="row">The elements of N,C,1,W in the thread's columns.</param>
    /// <param name="s">Places and extents.</param>
    /// <param name="n">The image.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="w">The thread's first column.</param>
    /// <param name="own">Whether the thread has any.</param>
    public StripElements(
        ArrayView<float> x, ArrayView<float> factor, ArrayView<float> columns, Float4 row, in StripSumsScalars s, int n, int channel,
        int w, bool own)
    {
        int plane = channel * s.Height * s.Width + w;
        (_x, _factor, _columns, _row) = (x, factor, columns, row);
        _inX = s.X.Image(n) + plane;
        _inFactor = s.Factor.Image(n) + plane;
        _inColumns = s.Column.Image(n) + channel * s.Height;
        _height = s.Height;
        _width = s.Width;
        _own = own;
    }

    /// <summary>The terms of row h; zeros if the plane has no such row or the thread no columns.</summary>
    public Float4 Terms<TTerm, TItem>(int h)
        where TTerm : struct, IStripTerm
        where TItem : struct, IItem
    {
        bool wanted = _own & h < _height;
        Float4 x = TItem.Load(_x, _inX + h * _width, wanted);
        Float4 factor = default, expanded = default;
        if (TTerm.ReadsFactor)
            factor = TItem.Load(_factor, _inFactor + h * _width, wanted);
        if (TTerm.ReadsStrips)
            expanded = Float4.All(GlobalMemory.Load(_columns, _inColumns + h, wanted)) + _row;
        return TTerm.Of(x, factor, expanded);
    }
}
