using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Vector helpers. Tails are computed on whole vectors too (loaded and stored in part), so that an element's bits do
/// not depend on where it lies. Parts are copied without a call: a call, even one that is hardly ever made, would keep
/// everything around it out of the vector registers.
/// </summary>
internal static unsafe partial class SimdMath
{
    /// <summary>max(x, 0); NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Relu(Vector<float> x) =>
        Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector<float>.Zero, x);

    /// <summary>Loads min(count, vector length) elements; the rest are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* source, int count)
    {
        if (count >= Vector<float>.Count)
            return Vector.Load(source);
        if (Avx.IsSupported && Vector<float>.Count == Vector256<float>.Count)
            return Avx.MaskLoad(source, Vector.LessThan(Vector<int>.Indices, new Vector<int>(count)).AsVector256().AsSingle()).AsVector();
        Vector<float> part = default;
        for (int i = 0; i < count; i++)
            ((float*)&part)[i] = source[i];
        return part;
    }

    /// <summary>Stores min(count, vector length) elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> value, float* destination, int count)
    {
        if (count >= Vector<float>.Count)
        {
            value.Store(destination);
            return;
        }
        Vector<float> part = value;
        for (int i = 0; i < count; i++)
            destination[i] = ((float*)&part)[i];
    }
}
