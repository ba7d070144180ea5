using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>A function of elements of a plane, an element of a column, and the elements of a row below them.</summary>
internal interface IStripFunction
{
    /// <summary>Whether it reads the plane.</summary>
    static abstract bool ReadsX { get; }

    static abstract Vector<float> Of(Vector<float> x, Vector<float> column, Vector<float> row);
}

/// <summary>y[h,w] = f(x[h,w], column[h], row[w]) for one plane, in whole vectors.</summary>
internal static unsafe class StripMapSimd
{
    /// <param name="x">The plane that is read; null if the function reads none.</param>
    /// <param name="column">H elements.</param>
    /// <param name="row">W elements.</param>
    /// <param name="y">The plane that is written.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="streams">Whether y goes past the caches; then rows of y are whole aligned vectors.</param>
    public static void Run<TFunction>(float* x, float* column, float* row, float* y, int height, int width, bool streams = false)
        where TFunction : struct, IStripFunction
    {
        for (int h = 0; h < height; h++, y += width)
        {
            var left = new Vector<float>(column[h]);
            int w = 0;
            for (; streams && w < width; w += Vector<float>.Count)
                Of<TFunction>(x, w, left, Vector.Load(row + w)).StoreAlignedNonTemporal(y + w);
            for (; w <= width - Vector<float>.Count; w += Vector<float>.Count)
                Of<TFunction>(x, w, left, Vector.Load(row + w)).Store(y + w);
            if (w < width)
            {
                Vector<float> element = TFunction.ReadsX ? SimdMath.Load(x + w, width - w) : default;
                SimdMath.Store(TFunction.Of(element, left, SimdMath.Load(row + w, width - w)), y + w, width - w);
            }
            if (TFunction.ReadsX)
                x += width;
        }
    }

    private static Vector<float> Of<TFunction>(float* x, int w, Vector<float> left, Vector<float> right)
        where TFunction : struct, IStripFunction =>
        TFunction.Of(TFunction.ReadsX ? Vector.Load(x + w) : default, left, right);

    /// <summary>column + row.</summary>
    internal readonly struct Sum : IStripFunction
    {
        public static bool ReadsX => false;

        public static Vector<float> Of(Vector<float> x, Vector<float> column, Vector<float> row) => column + row;
    }

    /// <summary>relu(column + row).</summary>
    internal readonly struct ReluOfSum : IStripFunction
    {
        public static bool ReadsX => false;

        public static Vector<float> Of(Vector<float> x, Vector<float> column, Vector<float> row) => SimdMath.Relu(column + row);
    }
}
