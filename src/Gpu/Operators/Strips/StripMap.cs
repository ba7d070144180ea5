using ILGPU;
using ILGPU.Runtime;
using Launch = System.Action<ILGPU.Runtime.AcceleratorStream, ILGPU.KernelConfig,
    ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>, ILGPU.ArrayView<float>,
    SpGpu.Gpu.Kernels.StripMap.Scalars>;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// y[n,c,h,w] = f(x[n,c,h,w], a[n,c,h], b[n,c,w]), a N,C,H,1, b N,C,1,W (<see cref="StripFunctions"/>); grid (elements of an
/// image, images), one element a thread, or four of one row. Row r = c * H + h of y takes element r of a.
/// </summary>
internal abstract class StripMap<TFunction>(KernelDevice device, string name) : KernelOperation(device)
    where TFunction : struct, IStripFunction
{
    private readonly Launch _scalar = device.Load<Launch>(StripMap.Scalar<TFunction>);
    private readonly Launch _vector = device.Load<Launch>(StripMap.Vector<TFunction>);

    public override string Variant => name;

    /// <summary>Makes y; what the function does not read may be any tensor.</summary>
    /// <param name="x">A plane's elements.</param>
    /// <param name="a">A column, multiplied by <paramref name="ofColumn"/>.</param>
    /// <param name="b">A row, multiplied by <paramref name="ofRow"/>.</param>
    /// <param name="y">The result.</param>
    /// <param name="ofColumn">A factor.</param>
    /// <param name="ofRow">A factor.</param>
    protected void Map(in Tensor x, in Tensor a, in Tensor b, in Tensor y, float ofColumn = 1f, float ofRow = 1f)
    {
        Shape shape = y.Shape;
        bool vector = (shape.W & 3) == 0 && IsAligned(y)
            && ((TFunction.Reads & StripMap.X) == 0 || IsAligned(x)) && ((TFunction.Reads & StripMap.Row) == 0 || IsAligned(b));
        int width = vector ? 4 : 1;
        int count = (int)shape.ImageLength / width;
        (vector ? _vector : _scalar)(Stream, Flat(count, shape.N), Floats(x), Floats(a), Floats(b), Floats(y),
            new(new(x), new(a), new(b), new(y), count, shape.W, ofColumn, ofRow, new(shape.H), new(shape.W / width)));
    }
}

/// <summary>The kernels of <see cref="StripMap{TFunction}"/>.</summary>
internal static class StripMap
{
    /// <summary>What a function reads, as a sum: an element, the column, the row.</summary>
    public const int X = 1, Column = 2, Row = 4;

    [Kernel(typeof(StripFunctions.Sum)), Kernel(typeof(StripFunctions.ReluOfSum)), Kernel(typeof(StripFunctions.Gate))]
    [Kernel(typeof(StripFunctions.OfColumn)), Kernel(typeof(StripFunctions.OfRow))]
    internal static void Scalar<TFunction>(ArrayView<float> x, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
        where TFunction : struct, IStripFunction
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        float element = (TFunction.Reads & X) != 0 ? x[s.X.Image(n) + i] : 0f;
        float left = (TFunction.Reads & Column) != 0 ? s.OfColumn * a[s.A.Image(n) + row] : 0f;
        float right = (TFunction.Reads & Row) != 0 ? s.OfRow * b[s.B.Image(n) + channel * s.Width + i - row * s.Width] : 0f;
        y[s.Y.Image(n) + i] = TFunction.Of(element, left, right);
    }

    [Kernel(typeof(StripFunctions.Sum), Vectors = true), Kernel(typeof(StripFunctions.ReluOfSum), Vectors = true)]
    [Kernel(typeof(StripFunctions.Gate), Vectors = true)]
    [Kernel(typeof(StripFunctions.OfColumn)), Kernel(typeof(StripFunctions.OfRow), Vectors = true)]
    internal static void Vector<TFunction>(ArrayView<float> x, ArrayView<float> a, ArrayView<float> b, ArrayView<float> y, Scalars s)
        where TFunction : struct, IStripFunction
    {
        int i = KernelMath.GlobalIndex();
        int n = Grid.IdxY;
        if (!KernelMath.InRange(i, s.Count))
            return;
        int row = s.Row.Quotient(i);
        int channel = s.Height.Quotient(row);
        Float4 element = default, right = default;
        if ((TFunction.Reads & X) != 0)
            element = Float4.Load(x, s.X.Image(n) + 4 * i);
        float left = (TFunction.Reads & Column) != 0 ? s.OfColumn * a[s.A.Image(n) + row] : 0f;
        if ((TFunction.Reads & Row) != 0)
            right = Float4.All(s.OfRow) * Float4.Load(b, s.B.Image(n) + channel * s.Width + 4 * i - row * s.Width);
        Float4.Store(y, s.Y.Image(n) + 4 * i, new(
            TFunction.Of(element.X, left, right.X), TFunction.Of(element.Y, left, right.Y),
            TFunction.Of(element.Z, left, right.Z), TFunction.Of(element.W, left, right.W)));
    }

    /// <param name="X">Place of x.</param>
    /// <param name="A">Place of the column.</param>
    /// <param name="B">Place of the row.</param>
    /// <param name="Y">Place of the output.</param>
    /// <param name="Count">Threads with work in an image.</param>
    /// <param name="Width">W.</param>
    /// <param name="OfColumn">A factor of the column.</param>
    /// <param name="OfRow">A factor of the row.</param>
    /// <param name="Height">Divides by H.</param>
    /// <param name="Row">Divides by the threads of a row.</param>
    internal readonly record struct Scalars(
        Place X, Place A, Place B, Place Y, int Count, int Width, float OfColumn, float OfRow, Divisor Height, Divisor Row);
}
