using System.Numerics;

namespace SpGpu.PtxMachine.Execution;

internal readonly struct Same<T> : IOne<T, T>
{
    public static T Of(T a) => a;
}

/// <summary>Low bits, or more bits, by the sign of a signed number.</summary>
internal readonly struct Truncate<T, TResult> : IOne<T, TResult>
    where T : IBinaryInteger<T>
    where TResult : IBinaryInteger<TResult>
{
    public static TResult Of(T a) => TResult.CreateTruncating(a);
}

internal readonly struct LowByte : IOne<uint, uint>
{
    public static uint Of(uint a) => (byte)a;
}

internal readonly struct SignedByte : IOne<uint, int>
{
    public static int Of(uint a) => (sbyte)a;
}

/// <summary>Rounds to the nearest float, of two the even one.</summary>
internal readonly struct RoundToFloat<T> : IOne<T, float>
    where T : IBinaryInteger<T>
{
    // A double holds all numbers of 32 bits.
    public static float Of(T a) => (float)double.CreateTruncating(a);
}

/// <summary>Rounds towards zero; what is too large becomes the largest, and no number 0.</summary>
internal readonly struct TruncateFloat<T> : IOne<float, T>
    where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static T Of(float a) => float.IsNaN(a) ? T.Zero : T.CreateSaturating((double)a);
}

/// <summary>Rounds to 10 bits behind the leading one, of two the one that is larger in magnitude; the low 13 bits are zero.</summary>
internal readonly struct RoundToTf32 : IOne<uint, uint>
{
    private const uint Exponent = 0x7F800000, Half = 0x1000, Kept = 0xFFFFE000;

    public static uint Of(uint a) => (a & 0x7FFFFFFF) > Exponent ? Nan.Bits & Kept : (a & Exponent) == Exponent ? a : (a + Half) & Kept;
}
