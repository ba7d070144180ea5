using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// What kernels use in place of MathF, of ILGPU's barrier and of the floating-point division sign; integers are divided by
/// <see cref="Divisor"/>. ILGPU maps some functions of MathF to code that is wrong or missing on GPUs, and fences only global
/// memory in its barrier on OpenCL; the functions here are right on every backend, and <see cref="KernelIntrinsics"/> says
/// how.
/// </summary>
internal static class KernelMath
{
    /// <summary>Waits for the group; what it wrote to shared and global memory before is seen after.</summary>
    [IntrinsicImplementation]
    public static void Barrier() => Group.Barrier();

    /// <summary>e^x, to about 1e-7 of the largest value where x is not positive; NaN stays NaN.</summary>
    [IntrinsicImplementation]
    public static float Exp(float x) => MathF.Exp(x);

    /// <summary>The natural logarithm of a number from 1 on, to about 1e-7 or that part of it; NaN stays NaN.</summary>
    [IntrinsicImplementation]
    public static float Log(float x) => MathF.Log(x);

    /// <summary>a * b + c, rounded once.</summary>
    [IntrinsicImplementation]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>1 / (1 + e^-x).</summary>
    public static float Sigmoid(float x) => Divide(1f, 1f + Exp(-x));

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    public static float Relu(float x) => x < 0f ? 0f : x;

    /// <summary>The square root.</summary>
    public static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>a / b for floats.</summary>
    public static float Divide(float a, float b) => a / b;

    /// <summary>Whether x is NaN, from its bits: compilers may take comparisons of a value with itself away.</summary>
    public static bool IsNaN(float x) => (Interop.FloatAsInt(x) & 0x7fffffffu) > 0x7f800000u;

    /// <summary>Whether x is neither NaN nor infinite, from its bits.</summary>
    public static bool IsFinite(float x) => (Interop.FloatAsInt(x) & 0x7f800000u) != 0x7f800000u;

    /// <summary>
    /// The larger of two values; NaN if one is NaN. Not as b > a: ILGPU turns that round where b is a constant, into a comparison
    /// that is true of NaN, and the constant would be the larger one.
    /// </summary>
    public static float Max(float a, float b) => a < b || IsNaN(b) ? b : a;

    /// <summary>The smaller of two integers.</summary>
    public static int Min(int a, int b) => a < b ? a : b;

    /// <summary>The larger of two integers.</summary>
    public static int Max(int a, int b) => a > b ? a : b;

    /// <summary>Whether 0 &lt;= index &lt; count; also false where the sum that gave the index ran over.</summary>
    public static bool InRange(int index, int count) => (uint)index < (uint)count;

    /// <summary>This thread's number along the first axis of the grid.</summary>
    public static int GlobalIndex() => Grid.IdxX * Group.DimX + Group.IdxX;
}
