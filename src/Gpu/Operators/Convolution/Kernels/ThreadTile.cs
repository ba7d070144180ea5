using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>The sums that one thread of a convolution keeps: rows are output channels, columns are pixels.</summary>
internal interface IThreadTile
{
    /// <summary>Rows of the tile, 4 or 8; it has as many columns, in groups of four.</summary>
    static abstract int Rows { get; }

    /// <summary>The first four columns of the first row.</summary>
    Float4 Left { get; }

    /// <summary>The other four columns of the first row, if there are.</summary>
    Float4 Right { get; }

    /// <summary>Adds the product of a column of weights at <paramref name="i"/> and a row of pixels at <paramref name="j"/>.</summary>
    /// <param name="weights">Shared memory.</param>
    /// <param name="pixels">Shared memory.</param>
    /// <param name="i">The first four weights; the others are <paramref name="half"/> further.</param>
    /// <param name="j">The first four pixels.</param>
    /// <param name="half">Half the side of the group's tile, in units of four.</param>
    void Multiply(ArrayView<Float4> weights, ArrayView<Float4> pixels, int i, int j, int half);

    /// <summary>Drops the first row.</summary>
    void Next();
}

/// <summary>8 x 8 sums in 64 registers.</summary>
internal struct ThreadTile8 : IThreadTile
{
    private Row8 _row0, _row1, _row2, _row3, _row4, _row5, _row6, _row7;

    public static int Rows => 8;

    public readonly Float4 Left => _row0.Left;

    public readonly Float4 Right => _row0.Right;

    public void Multiply(ArrayView<Float4> weights, ArrayView<Float4> pixels, int i, int j, int half)
    {
        Float4 upper = weights[i];
        Float4 lower = weights[i + half];
        Float4 left = pixels[j];
        Float4 right = pixels[j + half];
        _row0.Add(upper.X, left, right);
        _row1.Add(upper.Y, left, right);
        _row2.Add(upper.Z, left, right);
        _row3.Add(upper.W, left, right);
        _row4.Add(lower.X, left, right);
        _row5.Add(lower.Y, left, right);
        _row6.Add(lower.Z, left, right);
        _row7.Add(lower.W, left, right);
    }

    public void Next()
    {
        _row0 = _row1;
        _row1 = _row2;
        _row2 = _row3;
        _row3 = _row4;
        _row4 = _row5;
        _row5 = _row6;
        _row6 = _row7;
    }

    private struct Row8
    {
        public Float4 Left, Right;

        public void Add(float weight, Float4 left, Float4 right)
        {
            Left.Add(weight, left);
            Right.Add(weight, right);
        }
    }
}

/// <summary>4 x 4 sums in 16 registers.</summary>
internal struct ThreadTile4 : IThreadTile
{
    private Float4 _row0, _row1, _row2, _row3;

    public static int Rows => 4;

    public readonly Float4 Left => _row0;

    public readonly Float4 Right => _row0;

    public void Multiply(ArrayView<Float4> weights, ArrayView<Float4> pixels, int i, int j, int half)
    {
        Float4 upper = weights[i];
        Float4 left = pixels[j];
        _row0.Add(upper.X, left);
        _row1.Add(upper.Y, left);
        _row2.Add(upper.Z, left);
        _row3.Add(upper.W, left);
    }

    public void Next()
    {
        _row0 = _row1;
        _row1 = _row2;
        _row2 = _row3;
    }
}
