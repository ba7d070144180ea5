using System.Numerics;
using System.Runtime.Intrinsics;
using SpGpu.PtxMachine.Program;

namespace SpGpu.PtxMachine.Execution;

/// <summary>
/// Instructions on registers, for those lanes of a warp whose bit of a mask is set. Most of the time all are, and then they
/// are done in a loop without branches.
/// </summary>
internal static unsafe class Lanes
{
    public const int Count = 32;
    public const uint All = uint.MaxValue;

    public static void Nothing(Warp warp, ref Instruction i, uint mask)
    {
    }

    public static void One<TA, TResult, TOperator>(Warp warp, ref Instruction i, uint mask)
        where TA : unmanaged
        where TResult : unmanaged
        where TOperator : IOne<TA, TResult>
    {
        TA* a = warp.Row<TA>(i.A);
        TResult* d = warp.Row<TResult>(i.D);
        if (mask == All)
        {
            for (int n = 0; n < Count; n++)
                d[n] = TOperator.Of(a[n]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int n = BitOperations.TrailingZeroCount(mask);
            d[n] = TOperator.Of(a[n]);
        }
    }

    public static void Two<TA, TB, TResult, TOperator>(Warp warp, ref Instruction i, uint mask)
        where TA : unmanaged
        where TB : unmanaged
        where TResult : unmanaged
        where TOperator : ITwo<TA, TB, TResult>
    {
        TA* a = warp.Row<TA>(i.A);
        TB* b = warp.Row<TB>(i.B);
        TResult* d = warp.Row<TResult>(i.D);
        if (mask == All)
        {
            for (int n = 0; n < Count; n++)
                d[n] = TOperator.Of(a[n], b[n]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int n = BitOperations.TrailingZeroCount(mask);
            d[n] = TOperator.Of(a[n], b[n]);
        }
    }

    public static void Three<T, TOperator>(Warp warp, ref Instruction i, uint mask)
        where T : unmanaged
        where TOperator : IThree<T>
    {
        T* a = warp.Row<T>(i.A), b = warp.Row<T>(i.B), c = warp.Row<T>(i.C), d = warp.Row<T>(i.D);
        for (; mask != 0; mask &= mask - 1)
        {
            int n = BitOperations.TrailingZeroCount(mask);
            d[n] = TOperator.Of(a[n], b[n], c[n]);
        }
    }

    public static void Floats<TOperator>(Warp warp, ref Instruction i, uint mask)
        where TOperator : IFloats
    {
        float* a = warp.Row<float>(i.A), b = warp.Row<float>(i.B), d = warp.Row<float>(i.D);
        if (mask == All)
        {
            for (int n = 0; n < Count; n += Vector256<float>.Count)
                Nan.Canonical(TOperator.Of(Vector256.Load(a + n), Vector256.Load(b + n))).Store(d + n);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int n = BitOperations.TrailingZeroCount(mask);
            d[n] = Nan.Canonical(TOperator.Of(a[n], b[n]));
        }
    }

    public static void FusedMultiplyAdd(Warp warp, ref Instruction i, uint mask)
    {
        float* a = warp.Row<float>(i.A), b = warp.Row<float>(i.B), c = warp.Row<float>(i.C), d = warp.Row<float>(i.D);
        if (mask == All)
        {
            for (int n = 0; n < Count; n += Vector256<float>.Count)
                Nan.Canonical(Vector256.FusedMultiplyAdd(Vector256.Load(a + n), Vector256.Load(b + n), Vector256.Load(c + n))).Store(d + n);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int n = BitOperations.TrailingZeroCount(mask);
            d[n] = Nan.Canonical(MathF.FusedMultiplyAdd(a[n], b[n], c[n]));
        }
    }

    public static void Move(Warp warp, ref Instruction i, uint mask)
    {
        uint* a = warp.Row<uint>(i.A), d = warp.Row<uint>(i.D);
        if (mask == All)
        {
            for (int n = 0; n < Count; n += Vector256<uint>.Count)
                Vector256.Load(a + n).Store(d + n);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int n = BitOperations.TrailingZeroCount(mask);
            d[n] = a[n];
        }
    }

    public static void Compare<T, TCompare>(Warp warp, ref Instruction i, uint mask)
        where T : unmanaged
        where TCompare : ICompare<T>
    {
        T* a = warp.Row<T>(i.A), b = warp.Row<T>(i.B);
        uint held = 0;
        for (int n = 0; n < Count; n++)
            held |= TCompare.Holds(a[n], b[n]) ? 1u << n : 0;
        Set(warp, i.D, held, mask);
    }

    public static void Select<T>(Warp warp, ref Instruction i, uint mask)
        where T : unmanaged
    {
        T* a = warp.Row<T>(i.A), b = warp.Row<T>(i.B), d = warp.Row<T>(i.D);
        uint chosen = warp.Predicate(i.C);
        for (; mask != 0; mask &= mask - 1)
        {
            int n = BitOperations.TrailingZeroCount(mask);
            d[n] = ((chosen >> n) & 1) != 0 ? a[n] : b[n];
        }
    }

    public static void AndPredicates(Warp warp, ref Instruction i, uint mask) =>
        Set(warp, i.D, warp.Predicate(i.A) & warp.Predicate(i.B), mask);

    public static void OrPredicates(Warp warp, ref Instruction i, uint mask) =>
        Set(warp, i.D, warp.Predicate(i.A) | warp.Predicate(i.B), mask);

    public static void XorPredicates(Warp warp, ref Instruction i, uint mask) =>
        Set(warp, i.D, warp.Predicate(i.A) ^ warp.Predicate(i.B), mask);

    public static void NotPredicate(Warp warp, ref Instruction i, uint mask) => Set(warp, i.D, ~warp.Predicate(i.A), mask);

    public static void CopyPredicate(Warp warp, ref Instruction i, uint mask) => Set(warp, i.D, warp.Predicate(i.A), mask);

    private static void Set(Warp warp, int row, uint value, uint mask)
    {
        ref uint predicate = ref warp.Predicate(row);
        predicate = (predicate & ~mask) | (value & mask);
    }
}
