using System.Numerics;
using SpGpu.PtxMachine.Execution;

namespace SpGpu.PtxMachine.Program;

/// <summary>
/// An instruction on registers alone: what it does, and its registers, the one that it sets first. w is one of 32 bits (or
/// 16, of which a row has as many), l one of 64, p a predicate.
/// </summary>
internal sealed record Opcode(string Signature, Operation Operation);

/// <summary>All instructions on registers that the machine knows.</summary>
internal static unsafe class Opcodes
{
    private static readonly Dictionary<string, Opcode> _all = [];

    static Opcodes()
    {
        Integers<int>("s32", "w");
        Integers<uint>("u32", "w");
        Integers<long>("s64", "l");
        Integers<ulong>("u64", "l");
        Bits<uint>("32", "w");
        Bits<ulong>("64", "l");
        Floats();
        Predicates();
        Conversions();
        Add("mul.wide.s32", "lww", &Lanes.Two<int, int, long, MultiplyWide<int, long>>);
        Add("mul.wide.u32", "lww", &Lanes.Two<uint, uint, ulong, MultiplyWide<uint, ulong>>);
        Moves();
    }

    public static Opcode? Find(string opcode) => _all.GetValueOrDefault(opcode);

    private static void Add(string names, string signature, delegate*<Warp, ref Instruction, uint, void> run)
    {
        foreach (string name in names.Split(' '))
            _all.Add(name, new Opcode(signature, new Operation(run)));
    }

    private static void Integers<T>(string type, string w)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string two = w + w + w;
        Add($"add.{type}", two, &Lanes.Two<T, T, T, Add<T>>);
        Add($"sub.{type}", two, &Lanes.Two<T, T, T, Subtract<T>>);
        Add($"mul.lo.{type}", two, &Lanes.Two<T, T, T, Multiply<T>>);
        Add($"div.{type}", two, &Lanes.Two<T, T, T, Divide<T>>);
        Add($"rem.{type}", two, &Lanes.Two<T, T, T, Remainder<T>>);
        Add($"min.{type}", two, &Lanes.Two<T, T, T, Min<T>>);
        Add($"max.{type}", two, &Lanes.Two<T, T, T, Max<T>>);
        Add($"mad.lo.{type}", two + w, &Lanes.Three<T, MultiplyAdd<T>>);
        Add($"shr.{type}", w + w + "w", &Lanes.Two<T, uint, T, ShiftRight<T>>);
        Comparisons<T>(type, w);
        if (T.IsNegative(T.MinValue))
        {
            Add($"neg.{type}", w + w, &Lanes.One<T, T, Negate<T>>);
            Add($"abs.{type}", w + w, &Lanes.One<T, T, Absolute<T>>);
        }
        else
        {
            Add($"setp.lo.{type}", "p" + w + w, &Lanes.Compare<T, Less<T>>);
            Add($"setp.ls.{type}", "p" + w + w, &Lanes.Compare<T, LessOrEqual<T>>);
            Add($"setp.hi.{type}", "p" + w + w, &Lanes.Compare<T, Greater<T>>);
            Add($"setp.hs.{type}", "p" + w + w, &Lanes.Compare<T, GreaterOrEqual<T>>);
        }
    }

    private static void Comparisons<T>(string type, string w)
        where T : unmanaged, INumber<T>
    {
        string two = "p" + w + w;
        Add($"setp.eq.{type}", two, &Lanes.Compare<T, Equal<T>>);
        Add($"setp.ne.{type}", two, &Lanes.Compare<T, Different<T>>);
        Add($"setp.lt.{type}", two, &Lanes.Compare<T, Less<T>>);
        Add($"setp.le.{type}", two, &Lanes.Compare<T, LessOrEqual<T>>);
        Add($"setp.gt.{type}", two, &Lanes.Compare<T, Greater<T>>);
        Add($"setp.ge.{type}", two, &Lanes.Compare<T, GreaterOrEqual<T>>);
    }

    private static void Bits<T>(string bits, string w)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string two = w + w + w;
        Add($"and.b{bits}", two, &Lanes.Two<T, T, T, And<T>>);
        Add($"or.b{bits}", two, &Lanes.Two<T, T, T, Or<T>>);
        Add($"xor.b{bits}", two, &Lanes.Two<T, T, T, Xor<T>>);
        Add($"not.b{bits}", w + w, &Lanes.One<T, T, Not<T>>);
        Add($"shl.b{bits}", w + w + "w", &Lanes.Two<T, uint, T, ShiftLeft<T>>);
        Add($"shr.b{bits}", w + w + "w", &Lanes.Two<T, uint, T, ShiftRight<T>>);
        Add($"selp.b{bits} selp.s{bits} selp.u{bits}{(bits == "32" ? " selp.f32" : "")}", two + "p", &Lanes.Select<T>);
        Add($"setp.eq.b{bits}", "p" + w + w, &Lanes.Compare<T, Equal<T>>);
        Add($"setp.ne.b{bits}", "p" + w + w, &Lanes.Compare<T, Different<T>>);
    }

    private static void Floats()
    {
        Add("add.f32 add.rn.f32", "www", &Lanes.Floats<AddFloat>);
        Add("sub.f32 sub.rn.f32", "www", &Lanes.Floats<SubtractFloat>);
        Add("mul.f32 mul.rn.f32", "www", &Lanes.Floats<MultiplyFloat>);
        Add("div.rn.f32", "www", &Lanes.Floats<DivideFloat>);
        Add("min.f32", "www", &Lanes.Two<float, float, float, MinFloat>);
        Add("max.f32", "www", &Lanes.Two<float, float, float, MaxFloat>);
        Add("fma.rn.f32", "wwww", &Lanes.FusedMultiplyAdd);
        Add("neg.f32", "ww", &Lanes.One<uint, uint, FlipSign>);
        Add("abs.f32", "ww", &Lanes.One<uint, uint, ClearSign>);
        Add("rcp.rn.f32", "ww", &Lanes.One<float, float, Reciprocal>);
        Add("sqrt.rn.f32", "ww", &Lanes.One<float, float, SquareRoot>);
        Add("ex2.approx.f32", "ww", &Lanes.One<float, float, PowerOfTwo>);
        Add("lg2.approx.f32", "ww", &Lanes.One<float, float, LogarithmOfTwo>);
        Comparisons<float>("f32", "w");
        Add("setp.equ.f32", "pww", &Lanes.Compare<float, Unordered<Equal<float>>>);
        Add("setp.neu.f32", "pww", &Lanes.Compare<float, Unordered<Different<float>>>);
        Add("setp.ltu.f32", "pww", &Lanes.Compare<float, Unordered<Less<float>>>);
        Add("setp.leu.f32", "pww", &Lanes.Compare<float, Unordered<LessOrEqual<float>>>);
        Add("setp.gtu.f32", "pww", &Lanes.Compare<float, Unordered<Greater<float>>>);
        Add("setp.geu.f32", "pww", &Lanes.Compare<float, Unordered<GreaterOrEqual<float>>>);
    }

    private static void Predicates()
    {
        Add("and.pred", "ppp", &Lanes.AndPredicates);
        Add("or.pred", "ppp", &Lanes.OrPredicates);
        Add("xor.pred", "ppp", &Lanes.XorPredicates);
        Add("not.pred", "pp", &Lanes.NotPredicate);
        Add("mov.pred", "pp", &Lanes.CopyPredicate);
    }

    private static void Conversions()
    {
        Add("cvt.u64.u32 cvt.s64.u32", "lw", &Lanes.One<uint, ulong, Truncate<uint, ulong>>);
        Add("cvt.s64.s32 cvt.u64.s32", "lw", &Lanes.One<int, long, Truncate<int, long>>);
        Add("cvt.u32.u64 cvt.s32.s64 cvt.u32.s64 cvt.s32.u64", "wl", &Lanes.One<ulong, uint, Truncate<ulong, uint>>);
        Add("cvt.u32.u8 cvt.s32.u8 cvt.u8.u32 cvt.u8.s32", "ww", &Lanes.One<uint, uint, LowByte>);
        Add("cvt.s32.s8", "ww", &Lanes.One<uint, int, SignedByte>);
        Add("cvt.rn.f32.s32", "ww", &Lanes.One<int, float, RoundToFloat<int>>);
        Add("cvt.rn.f32.u32", "ww", &Lanes.One<uint, float, RoundToFloat<uint>>);
        Add("cvt.rzi.s32.f32", "ww", &Lanes.One<float, int, TruncateFloat<int>>);
        Add("cvt.rzi.u32.f32", "ww", &Lanes.One<float, uint, TruncateFloat<uint>>);
        Add("cvt.rna.tf32.f32", "ww", &Lanes.One<uint, uint, RoundToTf32>);
        // Addresses of global memory are the same in the generic space.
        Add("cvta.to.global.u64 cvta.global.u64", "ll", &Lanes.One<ulong, ulong, Same<ulong>>);
    }

    private static void Moves()
    {
        Add("mov.b32 mov.u32 mov.s32 mov.f32", "ww", &Lanes.Move);
        Add("mov.b64 mov.u64 mov.s64", "ll", &Lanes.One<ulong, ulong, Same<ulong>>);
        Add("mov.b16 mov.u16 mov.s16", "ww", &Lanes.Move);
    }
}
