using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Memory;
using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>
/// A launch that was told its tensors, all in one block: an input of two pieces of 64 bytes, 128 apart, the first at 256; an
/// output of 128 bytes at 1024; something updated at 2048; scratch at 3072, likewise of 128 bytes.
/// </summary>
public sealed class TensorTests
{
    private static readonly Extent[] _tensors =
    [
        new(256, 64, 128, 2, Role.Input), new(1024, 128, 0, 1, Role.Output), new(2048, 128, 0, 1, Role.Updated),
        new(3072, 128, 0, 1, Role.Scratch),
    ];

    /// <summary>What leaves them, or does with them what it may not.</summary>
    [Theory]
    [InlineData(FaultKind.OutsideTensors, 0, "ld.global.f32 %f1, [%rd1+320];", "0 behind the end of tensor 0 (Input), at")]
    [InlineData(FaultKind.OutsideTensors, 0, "ld.f32 %f1, [%rd1+252];",
        "4 bytes read outside the tensors of the launch, 4 before tensor 0")]
    [InlineData(FaultKind.OutsideTensors, 0, "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd1+448];", "0 behind the end of tensor 0")]
    [InlineData(FaultKind.OutsideTensors, 5, "add.u64 %rd4, %rd2, 300;\nld.f32 %f1, [%rd4];", "0 behind the end of tensor 0 (Input)")]
    [InlineData(FaultKind.OutsideTensors, 0, "st.global.b32 [%rd1], %r1;", "4 bytes written outside the tensors of the launch")]
    [InlineData(FaultKind.OutsideTensors, 0,
        "cvt.u32.u64 %r3, %rd3;\nadd.u64 %rd4, %rd1, 320;\ncp.async.ca.shared.global [%r3], [%rd4], 4, 4;",
        "0 behind the end of tensor 0 (Input)")]
    [InlineData(FaultKind.InputWritten, 0, "st.global.b32 [%rd1+384], %r1;", "what the launch may only read")]
    [InlineData(FaultKind.UndefinedRead, 0, "ld.global.f32 %f1, [%rd1+1024];", "nothing was written to")]
    [InlineData(FaultKind.UndefinedRead, 1,
        "setp.eq.u32 %p1, %r1, 0;\n@%p1 st.b32 [%rd2+3072], %r1;\nld.b32 %r3, [%rd2+3072];", "nothing was written to")]
    [InlineData(FaultKind.UndefinedRead, 0,
        ".reg .b16 %rs1;\ncvt.u8.u32 %rs1, %r1;\nst.b8 [%rd1+1024], %rs1;\nst.b8 [%rd1+1027], %rs1;\nld.b32 %r3, [%rd1+1024];",
        "nothing was written to")]
    internal void Is_found(FaultKind kind, int thread, string body, string report)
    {
        Fault fault = Assert.Throws<Fault>(() => Launch(body));
        Assert.Equal(kind, fault.Kind);
        Assert.Contains(report, fault.Message, StringComparison.Ordinal);
        Assert.Contains($"thread ({thread}, 0, 0)", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>All that they are for.</summary>
    [Theory]
    [InlineData("ld.global.f32 %f1, [%rd1+316];\nld.f32 %f1, [%rd1+444];\nld.v4.f32 {%f1, %f2, %f3, %f4}, [%rd1+304];")]
    [InlineData("st.global.b32 [%rd2+1024], %r1;\nld.global.b32 %r3, [%rd2+1024];")]
    [InlineData("ld.global.b32 %r3, [%rd2+2048];\nst.global.b32 [%rd2+2048], %r3;")]
    [InlineData("st.global.b32 [%rd2+3072], %r1;\nld.global.b32 %r3, [%rd2+3072];")]
    public void What_they_are_for_is_not(string body) => Assert.NotEmpty(Launch(body));

    [Fact]
    public void A_block_without_tensors_may_be_read_where_a_parameter_points_to_it()
    {
        using var memory = new DeviceMemory(looksForRaces: true);
        ulong weights = (ulong)memory.Allocate(TestKernel.Bytes), other = (ulong)memory.Allocate(64);
        memory.Define(weights, TestKernel.Bytes);
        Extent[] tensors = [new(other, 64, 0, 1, Role.Output)];
        Run("ld.global.f32 %f1, [%rd1+1024];", weights);
        Assert.Equal(FaultKind.InputWritten, Assert.Throws<Fault>(() => Run("st.global.b32 [%rd1], %r1;", weights)).Kind);
        Assert.Contains(
            "in a block that it was not given", Assert.Throws<Fault>(() => Run("ld.f32 %f1, [%rd1];", weights, other)).Message,
            StringComparison.Ordinal);

        // The kernel's only parameter is a pointer; the text may have another address than it.
        void Run(string body, ulong address, ulong? parameter = null) => new Launch(
            TestKernel.Read(parameter is null ? body : $"mov.b64 %rd1, {address};\n{body}"), new(1, 1, 1), new(1, 1, 1),
            BitConverter.GetBytes(parameter ?? address), 0, memory, new())
        { Tensors = tensors }.Run();
    }

    [Fact]
    public void What_is_copied_is_as_defined_as_where_it_comes_from()
    {
        using var memory = new DeviceMemory(looksForRaces: false);
        ulong from = (ulong)memory.Allocate(64), to = (ulong)memory.Allocate(TestKernel.Bytes);
        memory.Define(from, 5);
        memory.Copied(to + 2, from, 8);
        memory.Copied(to + 16, 0, 3);
        Assert.Equal(
            [2, 3, 4, 5, 6, 16, 17, 18], Enumerable.Range(0, 32).Where(n => Reads($"ld.u8 %r3, [%rd1+{n}];")));
        Assert.False(Reads("ld.b32 %r3, [%rd1+4];"));
        memory.Define(to, 64);
        memory.Define(to + 3, 6, isDefined: false);
        Assert.Equal([3, 4, 5, 6, 7, 8], Enumerable.Range(0, 64).Where(n => !Reads($"ld.u8 %r3, [%rd1+{n}];")));

        bool Reads(string body)
        {
            try
            {
                new Launch(TestKernel.Read(body), new(1, 1, 1), new(1, 1, 1), BitConverter.GetBytes(to), 0, memory, new()).Run();
                return true;
            }
            catch (Fault fault) when (fault.Kind == FaultKind.UndefinedRead)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData(0, 64, null)]
    [InlineData(1, 62, null)]
    [InlineData(0, 72, 70)]
    [InlineData(30, 41, 40)]
    [InlineData(70, 1, 0)]
    public void What_the_host_copies_must_have_been_written(int start, int size, int? missing)
    {
        using var memory = new DeviceMemory(looksForRaces: false);
        ulong block = (ulong)memory.Allocate(80);
        memory.Define(block, 70);
        Fault? fault = Record.Exception(() => memory.CheckDefined(block + (ulong)start, (ulong)size)) as Fault;
        Assert.Equal(missing is { } place ? $"nothing was written to byte {place} of them" : null, fault?.Message.Split(": ")[1]);
    }

    private static uint[] Launch(string body) =>
        TestKernel.Launch(TestKernel.Read(body), new(1, 1, 1), new(32, 1, 1), new(), tensors: _tensors);
}
