using System.Globalization;
using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>Instructions at the limits, against what PTX ISA says of them, worked out by hand.</summary>
public sealed class OpcodeTests
{
    private const string Nan = "7FC00000", Infinity = "7F800000", MinusInfinity = "FF800000", One = "3F800000", MinusZero = "80000000";

    /// <summary>An instruction on %r3, %r4 and %r5, which sets %r6; these in hexadecimal, and the result.</summary>
    public static TheoryData<string, string, string, string> OfWords => new()
    {
        { "add.s32", "7FFFFFFF", "1", "80000000" },
        { "sub.s32", "0", "80000000", "80000000" },
        { "mul.lo.s32", "FFFFFFFF", "FFFFFFFF", "1" },
        { "mul.lo.u32", "10001", "10001", "20001" },
        { "shl.b32", "1", "1F", "80000000" },
        { "shl.b32", "1", "20", "0" },
        { "shl.b32", "FFFFFFFF", "FFFFFFFF", "0" },
        { "shr.s32", "80000000", "1F", "FFFFFFFF" },
        { "shr.s32", "80000000", "20", "FFFFFFFF" },
        { "shr.s32", "7FFFFFFF", "40", "0" },
        { "shr.u32", "80000000", "1F", "1" },
        { "shr.u32", "80000000", "20", "0" },
        { "div.s32", "FFFFFFF9", "2", "FFFFFFFD" },
        { "div.s32", "80000000", "FFFFFFFF", "80000000" },
        { "div.u32", "FFFFFFF9", "2", "7FFFFFFC" },
        { "rem.s32", "FFFFFFF9", "2", "FFFFFFFF" },
        { "rem.s32", "7", "FFFFFFFE", "1" },
        { "rem.s32", "80000000", "FFFFFFFF", "0" },
        { "rem.u32", "FFFFFFF9", "10", "9" },
        { "min.s32", "FFFFFFFF", "1", "FFFFFFFF" },
        { "min.u32", "FFFFFFFF", "1", "1" },
        { "max.s32", "80000000", "7FFFFFFF", "7FFFFFFF" },
        { "max.u32", "80000000", "7FFFFFFF", "80000000" },
        { "and.b32", "F0F0", "FF00", "F000" },
        { "or.b32", "F0F0", "FF00", "FFF0" },
        { "xor.b32", "F0F0", "FF00", "0FF0" },
        { "add.f32", Infinity, MinusInfinity, "7FFFFFFF" },
        { "add.f32", MinusZero, MinusZero, MinusZero },
        { "add.f32", "3F800000", "33800000", "3F800000" },
        { "add.f32", "3F800001", "33800000", "3F800002" },
        { "sub.f32", "1", "1", "0" },
        { "mul.f32", "0", Infinity, "7FFFFFFF" },
        { "mul.f32", "00800000", "3F000000", "00400000" },
        { "mul.f32", "7F7FFFFF", "40000000", Infinity },
        { "div.rn.f32", One, "0", Infinity },
        { "div.rn.f32", One, "40400000", "3EAAAAAB" },
        { "min.f32", Nan, One, One },
        { "min.f32", "0", MinusZero, MinusZero },
        { "max.f32", One, Nan, One },
        { "max.f32", "0", MinusZero, "0" },
        { "max.f32", Nan, "FFC00001", "7FFFFFFF" },
    };

    /// <summary>The same of %r3 alone.</summary>
    public static TheoryData<string, string, string> OfAWord => new()
    {
        { "neg.s32", "80000000", "80000000" },
        { "abs.s32", "FFFFFFFB", "5" },
        { "not.b32", "0", "FFFFFFFF" },
        { "neg.f32", "0", MinusZero },
        { "abs.f32", "FFC00001", "7FC00001" },
        { "rcp.rn.f32", MinusZero, MinusInfinity },
        { "rcp.rn.f32", "40400000", "3EAAAAAB" },
        { "sqrt.rn.f32", "BF800000", "7FFFFFFF" },
        { "sqrt.rn.f32", "40000000", "3FB504F3" },
        { "ex2.approx.f32", MinusInfinity, "0" },
        { "ex2.approx.f32", "3F000000", "3FB504F3" },
        { "ex2.approx.f32", "C3150000", "1" },
        { "lg2.approx.f32", "0", MinusInfinity },
        { "lg2.approx.f32", "41000000", "40400000" },
        { "lg2.approx.f32", "BF800000", "7FFFFFFF" },
        { "cvt.rn.f32.s32", "01000001", "4B800000" },
        { "cvt.rn.f32.s32", "80000000", "CF000000" },
        { "cvt.rn.f32.u32", "FFFFFFFF", "4F800000" },
        { "cvt.rzi.s32.f32", Nan, "0" },
        { "cvt.rzi.s32.f32", Infinity, "7FFFFFFF" },
        { "cvt.rzi.s32.f32", MinusInfinity, "80000000" },
        { "cvt.rzi.s32.f32", "BFC00000", "FFFFFFFF" },
        { "cvt.rzi.u32.f32", "BFC00000", "0" },
        { "cvt.rzi.u32.f32", "4F800000", "FFFFFFFF" },
        { "cvt.s32.u8", "1FF", "FF" },
        { "cvt.s32.s8", "1FF", "FFFFFFFF" },
        { "cvt.u8.u32", "1234", "34" },
        { "cvt.rna.tf32.f32", "3F801000", "3F802000" },
        { "cvt.rna.tf32.f32", "3F800FFF", "3F800000" },
        { "cvt.rna.tf32.f32", "BF801000", "BF802000" },
        { "mov.b32", "DEADBEEF", "DEADBEEF" },
    };

    /// <summary>A comparison of %r3 and %r4, and whether it holds.</summary>
    public static TheoryData<string, string, string, bool> Comparisons => new()
    {
        { "setp.lt.s32", "FFFFFFFF", "0", true },
        { "setp.lt.u32", "FFFFFFFF", "0", false },
        { "setp.lo.u32", "0", "FFFFFFFF", true },
        { "setp.ls.u32", "5", "5", true },
        { "setp.hi.u32", "5", "5", false },
        { "setp.hs.u32", "5", "5", true },
        { "setp.ne.s32", "5", "5", false },
        { "setp.eq.f32", "0", MinusZero, true },
        { "setp.eq.f32", Nan, Nan, false },
        { "setp.ne.f32", Nan, One, false },
        { "setp.neu.f32", Nan, One, true },
        { "setp.lt.f32", Nan, One, false },
        { "setp.geu.f32", Nan, One, true },
        { "setp.gt.f32", Infinity, "7F7FFFFF", true },
    };

    [Theory, MemberData(nameof(OfWords))]
    public void Two_words(string opcode, string a, string b, string expected) =>
        Assert.Equal(Hex(expected), Run($"{opcode} %r6, %r3, %r4;", a, b));

    [Theory, MemberData(nameof(OfAWord))]
    public void One_word(string opcode, string a, string expected) => Assert.Equal(Hex(expected), Run($"{opcode} %r6, %r3;", a, "0"));

    [Theory, MemberData(nameof(Comparisons))]
    public void Compared(string opcode, string a, string b, bool holds) =>
        Assert.Equal(holds ? 7u : 9, Run($"{opcode} %p1, %r3, %r4; selp.b32 %r6, 7, 9, %p1;", a, b));

    /// <summary>A product that rounding would spoil: (1 + 2^-12)^2 - (1 + 2^-11) = 2^-24.</summary>
    [Fact]
    public void A_fused_multiply_add_rounds_once()
    {
        Assert.Equal(Hex("33800000"), Run("fma.rn.f32 %r6, %r3, %r3, %r4;", "3F800800", "BF801000"));
        Assert.Equal(0u, Run("mul.rn.f32 %r6, %r3, %r3; add.f32 %r6, %r6, %r4;", "3F800800", "BF801000"));
    }

    [Theory]
    [InlineData("mul.wide.u32 %rd4, %r3, %r4;", "FFFFFFFE00000001")]
    [InlineData("mul.wide.s32 %rd4, %r3, %r4;", "1")]
    [InlineData("cvt.u64.u32 %rd4, %r3;", "FFFFFFFF")]
    [InlineData("cvt.s64.s32 %rd4, %r3;", "FFFFFFFFFFFFFFFF")]
    [InlineData("cvt.u64.u32 %rd4, %r3; shl.b64 %rd4, %rd4, 32;", "FFFFFFFF00000000")]
    [InlineData("cvt.u64.u32 %rd4, %r3; shl.b64 %rd4, %rd4, 64;", "0")]
    [InlineData("cvt.s64.s32 %rd4, %r3; shr.s64 %rd4, %rd4, 70;", "FFFFFFFFFFFFFFFF")]
    [InlineData("cvt.u64.u32 %rd4, %r3; mul.lo.s64 %rd4, %rd4, %rd4; shr.u64 %rd4, %rd4, 31;", "1FFFFFFFC")]
    [InlineData("mov.b64 %rd4, -1; add.u64 %rd4, %rd4, 4294967296;", "FFFFFFFF")]
    public void Words_of_64_bits(string instructions, string expected)
    {
        uint[] words = TestKernel.Run($"mov.b32 %r3, -1; mov.b32 %r4, -1; {instructions} st.global.b64 [%rd1], %rd4;");
        Assert.Equal(ulong.Parse(expected, NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[0] | ((ulong)words[1] << 32));
    }

    [Fact]
    public void Predicates_are_those_of_each_lane()
    {
        uint[] words = TestKernel.Run("""
            setp.lt.u32 %p1, %r1, 8;
            setp.ge.u32 %p2, %r1, 4;
            and.pred %p3, %p1, %p2;
            mov.b32 %r6, 0;
            @%p3 mov.b32 %r6, 1;
            @!%p3 add.s32 %r6, %r6, 5;
            st.b32 [%rd2], %r6;
            """, threads: 40);
        Assert.Equal(Enumerable.Range(0, 40).Select(n => n is >= 4 and < 8 ? 1u : 5), words[..40]);
    }

    [Fact]
    public void Bytes_and_vectors_lie_where_they_belong()
    {
        uint[] words = TestKernel.Run("""
            .reg .b16 %rs1;
            mov.b32 %r6, 513;
            cvt.u8.u32 %rs1, %r6;
            st.b8 [%rd1+1], %rs1;
            st.global.v4.b32 [%rd1+16], {%r6, 0f3F800000, %r1, 7};
            ld.global.v2.b32 {%r7, %r8}, [%rd1+16];
            st.v2.b32 [%rd1+32], {%r8, %r7};
            """);
        Assert.Equal([0x100u, 0, 0, 0, 513, 0x3F800000, 0, 7, 0x3F800000, 513], words[..10]);
    }

    private static uint Run(string instructions, string a, string b) =>
        TestKernel.Run($"mov.b32 %r3, 0x{a}; mov.b32 %r4, 0x{b}; {instructions} st.global.b32 [%rd1], %r6;")[0];

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
