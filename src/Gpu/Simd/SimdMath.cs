using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Vector helpers. Tails are computed on whole vectors too (loaded and stored in part), so that an element's bits do
/// not depend on where it lies.
/// </summary>
internal static unsafe class SimdMath
{
    /// <summary>max(x, 0); NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Relu(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    /// <summary>Loads min(count, vector length) elements; the rest are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* source, int count)
    {
        if (count >= Vector<float>.Count)
            return Vector.Load(source);
        Vector<float> part = default;
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(&part, Vector<float>.Count));
        return part;
    }

    /// <summary>Stores min(count, vector length) elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> value, float* destination, int count)
    {
        if (count >= Vector<float>.Count)
            value.Store(destination);
        else
            new ReadOnlySpan<float>(&value, count).CopyTo(new Span<float>(destination, count));
    }
}
