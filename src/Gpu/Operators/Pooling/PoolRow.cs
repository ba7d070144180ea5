using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// What four windows of three columns, every other column, see of a row: the element before an offset and the eight from it
/// on. All are asked for when it is made.
/// </summary>
internal readonly struct PoolRow
{
    private readonly Float4 _first, _second;
    private readonly float _before;
    private readonly bool _hasBefore, _exists;

    /// <param name="x">The tensor.</param>
    /// <param name="at">The offset, a multiple of four.</param>
    /// <param name="hasBefore">Whether there is an element before it in the row.</param>
    /// <param name="exists">Whether there is such a row.</param>
    public PoolRow(ArrayView<float> x, int at, bool hasBefore, bool exists)
    {
        _hasBefore = hasBefore;
        _exists = exists;
        _first = GlobalMemory.Load4(x, at, exists);
        _second = GlobalMemory.Load4(x, at + 4, exists);
        _before = GlobalMemory.Load(x, at - 1, exists & hasBefore);
    }

    /// <summary>The largest element that each window sees; padding is minus infinity.</summary>
    public Float4 Largest()
    {
        float before = _hasBefore ? _before : float.NegativeInfinity;
        var largest = new Float4(
            Largest(before, _first.X, _first.Y), Largest(_first.Y, _first.Z, _first.W),
            Largest(_first.W, _second.X, _second.Y), Largest(_second.Y, _second.Z, _second.W));
        return _exists ? largest : Float4.All(float.NegativeInfinity);
    }

    private static float Largest(float a, float b, float c) => KernelMath.Max(KernelMath.Max(a, b), c);
}
