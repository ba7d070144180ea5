using System.Runtime.Intrinsics;

namespace SpGpu.PtxMachine.Execution;

/// <summary>A function of two floats that is rounded once, of one lane or of eight at a time.</summary>
internal interface IFloats
{
    static abstract float Of(float a, float b);

    static abstract Vector256<float> Of(Vector256<float> a, Vector256<float> b);
}

internal readonly struct AddFloat : IFloats
{
    public static float Of(float a, float b) => a + b;

    public static Vector256<float> Of(Vector256<float> a, Vector256<float> b) => a + b;
}

internal readonly struct SubtractFloat : IFloats
{
    public static float Of(float a, float b) => a - b;

    public static Vector256<float> Of(Vector256<float> a, Vector256<float> b) => a - b;
}

internal readonly struct MultiplyFloat : IFloats
{
    public static float Of(float a, float b) => a * b;

    public static Vector256<float> Of(Vector256<float> a, Vector256<float> b) => a * b;
}

internal readonly struct DivideFloat : IFloats
{
    public static float Of(float a, float b) => a / b;

    public static Vector256<float> Of(Vector256<float> a, Vector256<float> b) => a / b;
}

/// <summary>What is computed of no number is one NaN, without sign and with all other bits set, as on GPUs.</summary>
internal static class Nan
{
    public const uint Bits = 0x7FFFFFFF;

    public static float Canonical(float value) => float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(Bits) : value;

    public static Vector256<float> Canonical(Vector256<float> value) =>
        Vector256.ConditionalSelect(Vector256.Equals(value, value), value, Vector256.Create(Bits).AsSingle());
}

/// <summary>Of a number and none the number; zeros are in order of their signs.</summary>
internal readonly struct MinFloat : ITwo<float, float, float>
{
    public static float Of(float a, float b) => Nan.Canonical(float.MinNumber(a, b));
}

internal readonly struct MaxFloat : ITwo<float, float, float>
{
    public static float Of(float a, float b) => Nan.Canonical(float.MaxNumber(a, b));
}

internal readonly struct FlipSign : IOne<uint, uint>
{
    public static uint Of(uint a) => a ^ 0x80000000;
}

internal readonly struct ClearSign : IOne<uint, uint>
{
    public static uint Of(uint a) => a & 0x7FFFFFFF;
}

internal readonly struct Reciprocal : IOne<float, float>
{
    public static float Of(float a) => Nan.Canonical(1 / a);
}

internal readonly struct SquareRoot : IOne<float, float>
{
    public static float Of(float a) => Nan.Canonical(MathF.Sqrt(a));
}

/// <summary>An approximation on GPUs, to 2 units in the last place; here it is computed in double precision and rounded.</summary>
internal readonly struct PowerOfTwo : IOne<float, float>
{
    public static float Of(float a) => Nan.Canonical((float)Math.Pow(2, a));
}

/// <summary>Likewise, to 2^-22 in the relative or absolute error.</summary>
internal readonly struct LogarithmOfTwo : IOne<float, float>
{
    public static float Of(float a) => Nan.Canonical((float)Math.Log2(a));
}
