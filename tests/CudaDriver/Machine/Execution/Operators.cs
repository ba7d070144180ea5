using System.Numerics;

namespace SpGpu.PtxMachine.Execution;

/// <summary>A function of a register.</summary>
internal interface IOne<TA, TResult>
{
    static abstract TResult Of(TA a);
}

/// <summary>A function of two.</summary>
internal interface ITwo<TA, TB, TResult>
{
    static abstract TResult Of(TA a, TB b);
}

/// <summary>A function of three.</summary>
internal interface IThree<T>
{
    static abstract T Of(T a, T b, T c);
}

/// <summary>A comparison.</summary>
internal interface ICompare<T>
{
    static abstract bool Holds(T a, T b);
}

internal readonly struct Add<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => unchecked(a + b);
}

internal readonly struct Subtract<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => unchecked(a - b);
}

internal readonly struct Multiply<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => unchecked(a * b);
}

internal readonly struct MultiplyAdd<T> : IThree<T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b, T c) => unchecked((a * b) + c);
}

/// <summary>Division by zero is unspecified; on GPUs all bits of the quotient are set.</summary>
internal readonly struct Divide<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static T Of(T a, T b) =>
        T.IsZero(b) ? T.AllBitsSet : a == T.MinValue && b == T.AllBitsSet && T.IsNegative(b) ? a : a / b;
}

/// <summary>The remainder has the sign of the dividend.</summary>
internal readonly struct Remainder<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static T Of(T a, T b) =>
        T.IsZero(b) ? a : a == T.MinValue && b == T.AllBitsSet && T.IsNegative(b) ? T.Zero : a % b;
}

internal readonly struct Min<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a < b ? a : b;
}

internal readonly struct Max<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a > b ? a : b;
}

internal readonly struct Negate<T> : IOne<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a) => unchecked(T.Zero - a);
}

internal readonly struct Absolute<T> : IOne<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a) => T.IsNegative(a) ? unchecked(T.Zero - a) : a;
}

internal readonly struct And<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a & b;
}

internal readonly struct Or<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a | b;
}

internal readonly struct Xor<T> : ITwo<T, T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => a ^ b;
}

internal readonly struct Not<T> : IOne<T, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a) => ~a;
}

/// <summary>Shifts by the width and more push all bits out.</summary>
internal readonly struct ShiftLeft<T> : ITwo<T, uint, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, uint b) => b < (uint)T.AllBitsSet.GetByteCount() * 8 ? a << (int)b : T.Zero;
}

/// <summary>The same to the right, where a signed number's sign comes in.</summary>
internal readonly struct ShiftRight<T> : ITwo<T, uint, T>
    where T : IBinaryInteger<T>
{
    public static T Of(T a, uint b) =>
        b < (uint)T.AllBitsSet.GetByteCount() * 8 ? a >> (int)b : T.IsNegative(a) ? T.AllBitsSet : T.Zero;
}

internal readonly struct MultiplyWide<T, TWide> : ITwo<T, T, TWide>
    where T : IBinaryInteger<T>
    where TWide : IBinaryInteger<TWide>
{
    public static TWide Of(T a, T b) => TWide.CreateTruncating(a) * TWide.CreateTruncating(b);
}

internal readonly struct Equal<T> : ICompare<T>
    where T : INumber<T>
{
    public static bool Holds(T a, T b) => a == b;
}

/// <summary>Of floats: both are numbers, and different.</summary>
internal readonly struct Different<T> : ICompare<T>
    where T : INumber<T>
{
    public static bool Holds(T a, T b) => a < b || a > b;
}

internal readonly struct Less<T> : ICompare<T>
    where T : INumber<T>
{
    public static bool Holds(T a, T b) => a < b;
}

internal readonly struct LessOrEqual<T> : ICompare<T>
    where T : INumber<T>
{
    public static bool Holds(T a, T b) => a <= b;
}

internal readonly struct Greater<T> : ICompare<T>
    where T : INumber<T>
{
    public static bool Holds(T a, T b) => a > b;
}

internal readonly struct GreaterOrEqual<T> : ICompare<T>
    where T : INumber<T>
{
    public static bool Holds(T a, T b) => a >= b;
}

/// <summary>Holds where the other does, or one of both is no number.</summary>
internal readonly struct Unordered<TCompare> : ICompare<float>
    where TCompare : ICompare<float>
{
    public static bool Holds(float a, float b) => float.IsNaN(a) || float.IsNaN(b) || TCompare.Holds(a, b);
}
