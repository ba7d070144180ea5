using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Simd;

/// <summary>Moves between the lanes of two vectors.</summary>
internal static unsafe partial class Lanes
{
    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    /// <summary>Element i of a, b, c and d side by side, for i from 0 to 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* first, float* second, float* third,
        float* fourth)
    {
        Vector128<float> low = Low(a, c), high = High(a, c);
        Vector128<float> otherLow = Low(b, d), otherHigh = High(b, d);
        Low(low, otherLow).Store(first);
        High(low, otherLow).Store(second);
        Low(high, otherHigh).Store(third);
        High(high, otherHigh).Store(fourth);
    }

    /// <summary><c>target[i] = source[2 * i]</c>; reads nothing after the last of them.</summary>
    public static void Even(float* source, float* target, int count)
    {
        int i = 0;
        for (; i + 4 < count; i += 4)
        {
            Vector128<float> a = Vector128.Load(source + 2 * i), b = Vector128.Load(source + 2 * i + 4);
            Low(Low(a, b), High(a, b)).Store(target + i);
        }
        for (; i < count; i++)
            target[i] = source[2 * i];
    }

    /// <summary><c>target[2 * i] = a[i], target[2 * i + 1] = b[i]</c>.</summary>
    public static void Zip(float* a, float* b, float* target, int count)
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
        {
            Vector128<float> left = Vector128.Load(a + i), right = Vector128.Load(b + i);
            Low(left, right).Store(target + 2 * i);
            High(left, right).Store(target + 2 * i + 4);
        }
        for (; i < count; i++)
            (target[2 * i], target[2 * i + 1]) = (a[i], b[i]);
    }
}
