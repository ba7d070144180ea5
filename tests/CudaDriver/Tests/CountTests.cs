using SpGpu.PtxMachine.Counting;
using SpGpu.PtxMachine.Program;
using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>Counts of kernels, and the same by hand. Before the body a kernel loads a parameter and does 6 moves and sums.</summary>
public sealed class CountTests
{
    private const int Before = 6;

    [Fact]
    public void Of_every_kind_without_a_branch()
    {
        KernelProfile profile = Profile(
            """
            ld.global.f32 %f1, [%rd2];
            fma.rn.f32 %f2, %f1, %f1, %f1;
            fma.rn.f32 %f2, %f1, %f1, %f2;
            add.f32 %f3, %f2, %f1;
            setp.gt.f32 %p1, %f3, 0f00000000;
            selp.f32 %f4, %f3, %f2, %p1;
            st.shared.f32 [%rd3], %f4;
            bar.sync 0;
            ld.shared.f32 %f5, [%rd3];
            cvt.u32.u64 %r3, %rd3;
            bar.sync 0;
            cp.async.ca.shared.global [%r3], [%rd2], 4, 4;
            cp.async.wait_all;
            st.global.f32 [%rd2+1024], %f5;
            """, threads: 64, groups: 3);
        const int Threads = 3 * 64;
        Equal(profile, new()
        {
            [InstructionKind.GlobalLoad] = Threads,
            [InstructionKind.MultiplyAdd] = 2 * Threads,
            [InstructionKind.Float] = 2 * Threads,
            [InstructionKind.Integer] = (Before + 2) * Threads,
            [InstructionKind.SharedStore] = Threads,
            [InstructionKind.SharedLoad] = Threads,
            [InstructionKind.Copy] = Threads,
            [InstructionKind.GlobalStore] = Threads,
            // The parameter, two barriers, the wait, the return.
            [InstructionKind.Other] = 5 * Threads,
        });
        Assert.Equal(profile.All.Threads, 32 * profile.All.Warps);
        Assert.Null(profile.Loop);
    }

    /// <summary>Thread t goes round t + 1 times; the warp goes round 32 times.</summary>
    [Fact]
    public void Of_a_loop_that_lanes_leave_one_after_the_other()
    {
        KernelProfile profile = Profile(
            """
            mov.b32 %r3, 0;
            mov.f32 %f1, 0f00000000;
            AGAIN:
            fma.rn.f32 %f1, %f1, %f1, %f1;
            add.s32 %r3, %r3, 1;
            setp.le.s32 %p1, %r3, %r1;
            @%p1 bra AGAIN;
            """, threads: 32);
        const int Rounds = 32 * 33 / 2;
        Equal(profile, new()
        {
            [InstructionKind.MultiplyAdd] = Rounds,
            [InstructionKind.Integer] = ((Before + 2) * 32) + (2 * Rounds),
            // A branch that is not taken is done for no lane.
            [InstructionKind.Other] = (Rounds - 32) + (2 * 32),
        });
        Assert.Equal(32, profile[InstructionKind.MultiplyAdd].Warps);
        Assert.Equal((4 * 32, (4 * Rounds) - 32), (profile.Loop!.Value.Warps, profile.Loop.Value.Threads));
    }

    [Fact]
    public void Of_two_ways_through_a_branch()
    {
        KernelProfile profile = Profile(
            """
            setp.lt.u32 %p1, %r1, 8;
            @%p1 bra FEW;
            mul.lo.s32 %r3, %r1, %r1;
            mul.lo.s32 %r3, %r3, %r1;
            bra END;
            FEW:
            mov.b32 %r3, 0;
            END:
            @%p1 add.s32 %r3, %r3, 1;
            """, threads: 32);
        Equal(profile, new()
        {
            [InstructionKind.Integer] = (Before * 32) + 32 + (2 * 24) + 8 + 8,
            [InstructionKind.Other] = 32 + 8 + 24 + 32,
        });
        Assert.Equal(1 + Before + 1 + 1 + 3 + 1 + 1 + 1, profile.All.Warps);
    }

    /// <summary>What an access of a warp to global memory touches, and could touch at the least.</summary>
    [Theory]
    [InlineData("ld.global.f32 %f1, [%rd2];", 4, 4)]
    [InlineData("ld.f32 %f1, [%rd2+4];", 5, 4)]
    [InlineData("ld.global.f32 %f1, [%rd1+64];", 1, 1)]
    [InlineData("mul.wide.u32 %rd4, %r1, 16;\nadd.u64 %rd4, %rd1, %rd4;\nld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd4];", 16, 16)]
    [InlineData("mul.wide.u32 %rd4, %r1, 32;\nadd.u64 %rd4, %rd1, %rd4;\nst.global.f32 [%rd4], %r1;", 32, 4)]
    [InlineData("setp.lt.u32 %p1, %r1, 9;\n@%p1 ld.global.f32 %f1, [%rd2];", 2, 2)]
    [InlineData("cvt.u32.u64 %r3, %rd3;\ncp.async.ca.shared.global [%r3], [%rd2], 4, 4;", 4, 4)]
    [InlineData("cvt.u32.u64 %r3, %rd3;\ncp.async.ca.shared.global [%r3], [%rd2], 4, 0;", 0, 0)]
    public void Of_sectors(string body, int sectors, int least)
    {
        Tally all = Profile(body, threads: 32).All;
        Assert.Equal((sectors, least), (all.Sectors, all.LeastSectors));
        Assert.Equal(sectors == 0 ? 0 : 1, all.Requests);
    }

    /// <summary>Passes of a warp's store to shared memory, thread t at so many bytes times t, and the least.</summary>
    [Theory]
    [InlineData("b32", 4, 1, 1)]
    [InlineData("b32", 8, 2, 1)]
    [InlineData("b32", 12, 1, 1)]
    [InlineData("b32", 16, 4, 1)]
    [InlineData("b32", 28, 1, 1)]
    [InlineData("b64", 8, 2, 2)]
    [InlineData("b64", 16, 4, 2)]
    [InlineData("b64", 24, 2, 2)]
    [InlineData("v4.b32", 16, 4, 4)]
    [InlineData("v4.b32", 32, 8, 4)]
    public void Of_passes(string type, int stride, int passes, int least)
    {
        string value = type switch { "b64" => "%rd1", "b32" => "%r1", _ => "{%r1, %r1, %r1, %r1}" };
        Tally all = Profile($"mul.wide.u32 %rd4, %r1, {stride};\nst.shared.{type} [%rd4], {value};", threads: 32).All;
        Assert.Equal((passes, least), (all.Passes, all.LeastPasses));
    }

    /// <summary>Lanes that read the same word, or bytes of it, do so in one pass.</summary>
    [Theory]
    [InlineData("ld.shared.b32 %r3, [buffer];", 1)]
    [InlineData("and.b32 %r3, %r1, 1;\nmul.wide.u32 %rd4, %r3, 128;\nld.shared.b32 %r3, [%rd4];", 2)]
    [InlineData("cvt.u64.u32 %rd4, %r1;\nld.shared.u8 %r3, [%rd4];", 1)]
    public void Of_passes_of_loads(string body, int passes)
    {
        KernelProfile profile = Profile($"st.shared.b32 [%rd3], %r1;\nbar.sync 0;\n{body}", threads: 64);
        Assert.Equal(2 * passes, profile[InstructionKind.SharedLoad].Passes);
    }

    [Fact]
    public void As_a_table_of_80_columns()
    {
        KernelProfile profile = Profile("fma.rn.f32 %f1, 0f00000000, 0f00000000, 0f00000000;", threads: 32) with
        {
            Operator = new string('o', 90),
        };
        string[] lines = ProfileTable.Of([profile]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines.Concat(ProfileTable.Legend.Split('\n')), line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(["instr", "fma", "mma", "flt", "int", "ldg", "stg", "lds"], Words(lines[0])[..8]);
        // One of 9 multiplies and adds, 6 move and add, the parameter and the return are the rest.
        Assert.Equal(["288", "11", "-", "-", "67", "-", "-", "-", "-", "-", "22", "32.0", "-", "-", "-", "-"], Words(lines[2]));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static void Equal(KernelProfile profile, Dictionary<InstructionKind, long> threads) =>
        Assert.Equal(threads, profile.Kinds.ToDictionary(pair => pair.Key, pair => pair.Value.Threads));

    private static KernelProfile Profile(string body, uint threads, uint groups = 1)
    {
        Kernel kernel = TestKernel.Read(body);
        var counts = new KernelCounts(kernel);
        TestKernel.Launch(kernel, new(groups, 1, 1), new(threads, 1, 1), new() { Races = false }, counts: counts);
        Assert.Equal(1, counts.Launches);
        return KernelProfile.Of("", counts);
    }
}
