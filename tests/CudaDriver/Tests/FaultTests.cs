using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Program;
using SpGpu.PtxMachine.Text;
using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>A kernel with each fault, and the report of it, with its place.</summary>
public sealed class FaultTests
{
    private static readonly MachineOptions[] _modes = [new(), new() { Together = false }];

    /// <summary>The kind; what the report says; the kernel's body.</summary>
    public static TheoryData<string, string, string> Planted => new()
    {
        { nameof(FaultKind.OutOfBounds), "line 20 (ld.f32), group (0, 0, 0), thread (0, 0, 0): 4 bytes outside every allocation at 0x",
            "ld.f32 %f1, [%rd1+4096];" },
        { nameof(FaultKind.OutOfBounds), "16 bytes outside every allocation", "st.global.v4.f32 [%rd1+4088], {%r1, %r1, %r1, %r1};" },
        { nameof(FaultKind.OutOfBounds), "thread (31, 0, 0): 4 bytes at 1024 of 1024 of shared memory", "st.shared.b32 [%rd3+900], %r1;" },
        { nameof(FaultKind.Misaligned), "thread (1, 0, 0): 16 bytes at 0x", "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd2];" },
        { nameof(FaultKind.Misaligned), "8 bytes at 4 of shared memory", "st.shared.v2.f32 [%rd3], {%r1, %r1};" },
        { nameof(FaultKind.SharedNotWritten), "thread (0, 0, 0): shared memory at 0 is read", "ld.shared.b32 %r3, [%rd3];" },
        { nameof(FaultKind.SharedRace), "is written and was written by thread number", "st.shared.b32 [buffer], %r1;" },
        { nameof(FaultKind.SharedRace), "was written by thread number",
            "st.shared.b32 [%rd3], %r1;\nxor.b32 %r3, %r1, 1;\nmul.wide.u32 %rd4, %r3, 4;\nld.shared.b32 %r4, [%rd4];" },
        { nameof(FaultKind.SharedRace), "is written and was read by",
            "st.shared.b32 [%rd3], %r1;\nbar.sync 0;\nxor.b32 %r3, %r1, 1;\nmul.wide.u32 %rd4, %r3, 4;\nld.shared.b32 %r4, [%rd4];\n" +
            "st.shared.b32 [%rd3], %r4;" },
        { nameof(FaultKind.RegisterNotSet), "line 20 (add.s32), group (0, 0, 0), thread (0, 0, 0): register %r9 is read",
            "add.s32 %r3, %r9, 1;" },
        { nameof(FaultKind.RegisterNotSet), "thread (16, 0, 0): register %r9 is read",
            "setp.lt.u32 %p1, %r1, 16;\n@%p1 mov.b32 %r9, 1;\nadd.s32 %r3, %r9, 1;" },
        { nameof(FaultKind.DivergentUniformBranch), "line 21 (bra.uni)", "setp.lt.u32 %p1, %r1, 16;\n@%p1 bra.uni END;\nEND:" },
        { nameof(FaultKind.DivergentBarrier), "does not come here with its warp",
            "setp.lt.u32 %p1, %r1, 16;\n@!%p1 bra END;\nbar.sync 0;\nEND:\nbar.sync 0;" },
        { nameof(FaultKind.SharedRace), "a copy that is not waited for",
            "cvt.u32.u64 %r3, %rd3;\ncp.async.ca.shared.global [%r3], [%rd2], 4, 4;\nld.shared.b32 %r4, [%rd3];" },
        { nameof(FaultKind.SharedRace), "a copy that is not waited for",
            "cvt.u32.u64 %r3, %rd3;\ncp.async.ca.shared.global [%r3], [%rd2], 4, 4;\ncp.async.commit_group;\ncp.async.wait_group 1;\n" +
            "ld.shared.b32 %r4, [%rd3];" },
        { nameof(FaultKind.SharedRace), "was written by thread number",
            "cvt.u32.u64 %r3, %rd3;\ncp.async.ca.shared.global [%r3], [%rd2], 4, 4;\ncp.async.wait_all;\nxor.b32 %r3, %r1, 1;\n" +
            "mul.wide.u32 %rd4, %r3, 4;\nld.shared.b32 %r4, [%rd4];" },
    };

    [Theory, MemberData(nameof(Planted))]
    public void Is_found(string kind, string report, string body)
    {
        Fault fault = TestKernel.Fault(body);
        Assert.Equal(kind, fault.Kind.ToString());
        Assert.Contains(report, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("Kernel, line ", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Lanes that stay apart run into the same.</summary>
    [Theory, MemberData(nameof(Planted))]
    public void Is_found_where_lanes_stay_apart(string kind, string report, string body)
    {
        Assert.NotEmpty(report);
        Assert.Equal(kind, TestKernel.Fault(body, options: _modes[1]).Kind.ToString());
    }

    [Fact]
    public void A_barrier_that_other_warps_do_not_come_to_is_found()
    {
        const string Body = "setp.lt.u32 %p1, %r1, 32;\n@!%p1 bra END;\nbar.sync 0;\nEND:";
        Fault fault = TestKernel.Fault(Body, threads: 64);
        Assert.Equal(FaultKind.DivergentBarrier, fault.Kind);
        Assert.Contains("waits at a barrier, and threads of warp 1 have ended", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_that_write_the_same_or_read_what_others_write_are_found()
    {
        Assert.Equal(FaultKind.GlobalRace, TestKernel.Fault("st.global.b32 [%rd2], %r2;", groups: 2).Kind);
        Fault read = TestKernel.Fault(
            "setp.eq.u32 %p1, %r2, 0;\n@%p1 st.global.b32 [%rd2], %r2;\n@!%p1 ld.global.b32 %r3, [%rd2];", groups: 2);
        Assert.Equal(FaultKind.GlobalRace, read.Kind);
        Assert.Contains("in the same launch", read.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_one_word_may_be_written_by_different_groups()
    {
        const string Body =
            ".reg .b16 %rs1;\ncvt.u64.u32 %rd4, %r2;\nadd.u64 %rd4, %rd1, %rd4;\ncvt.u8.u32 %rs1, %r2;\nst.b8 [%rd4], %rs1;";
        Assert.Equal(0x03020100u, TestKernel.Run(Body, threads: 1, groups: 4)[0]);
    }

    [Fact]
    public void A_kernel_without_end_is_found()
    {
        Fault fault = TestKernel.Fault("AGAIN:\nbra AGAIN;", options: new() { MostSteps = 1000 });
        Assert.Equal(FaultKind.EndlessLoop, fault.Kind);
    }

    [Fact]
    public void Limits_of_a_launch_are_looked_at()
    {
        Kernel kernel = TestKernel.Read("");
        Launches(kernel, new(1, 1, 1), new(1025, 1, 1));
        Launches(kernel, new(1, 1, 1), new(8, 1, 65));
        Launches(kernel, new(1, 65536, 1), new(8, 1, 1));
        Launches(kernel, new(0, 1, 1), new(8, 1, 1));
        Assert.Throws<Fault>(() => TestKernel.Launch(kernel, new(1, 1, 1), new(8, 1, 1), new(), dynamicShared: 48 * 1024));
        var launch = new Launch(kernel, new(1, 1, 1), new(8, 1, 1), new byte[12], 0, new(true), new());
        Assert.Equal(FaultKind.ParameterSize, Assert.Throws<Fault>(launch.Run).Kind);
    }

    [Theory]
    [InlineData("tanh.approx.f32 %f1, %f2;", "line 20: unknown instruction 'tanh.approx.f32'")]
    [InlineData("copysign.f32 %f1, %f2, %f3;", "unknown instruction 'copysign.f32'")]
    [InlineData("call.uni foo;", "unknown instruction 'call.uni'")]
    [InlineData("ld.volatile.global.f32 %f1, [%rd1];", "unknown instruction 'ld.volatile.global.f32'")]
    [InlineData("bar.sync 1;", "a barrier other than 0")]
    [InlineData("add.s32 %rd1, %r1, 1;", "takes no register of 64 bits (%rd1)")]
    [InlineData("add.s32 %r1, %r1;", "with 2 operands in place of 3")]
    [InlineData("add.s32 %r1, %r99, 1;", "does not take")]
    [InlineData("bra NOWHERE;", "a branch to where no label is")]
    [InlineData("ld.param.b64 %rd1, [block+8];", "outside the 8 bytes")]
    [InlineData(".global .b32 x;", "'.global' in a kernel is not known")]
    public void What_is_not_known_is_an_error(string body, string message) =>
        Assert.Contains(message, Assert.Throws<PtxException>(() => TestKernel.Read(body)).Message, StringComparison.Ordinal);

    private static void Launches(Kernel kernel, Size3 groups, Size3 threads) =>
        Assert.Equal(FaultKind.LaunchLimit, Assert.Throws<Fault>(() => TestKernel.Launch(kernel, groups, threads, new())).Kind);
}
