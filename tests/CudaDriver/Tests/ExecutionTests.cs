using SpGpu.PtxMachine.Execution;
using SpGpu.PtxMachine.Program;
using Xunit;

namespace SpGpu.CudaDriver.Tests;

/// <summary>Branches, barriers, copies and products of whole warps, with lanes together and apart and in many orders.</summary>
public sealed class ExecutionTests
{
    /// <summary>Half of each pair's sum, 8 times over: in a tree of barriers, the sum of 0 to 255 lands in the first word.</summary>
    private const string Tree = """
        st.shared.b32 [%rd3], %r1;
        mov.b32 %r3, 128;
        LOOP:
        bar.sync 0;
        setp.ge.u32 %p1, %r1, %r3;
        @%p1 bra SKIP;
        shl.b32 %r4, %r3, 2;
        cvt.u64.u32 %rd4, %r4;
        add.u64 %rd4, %rd3, %rd4;
        ld.shared.b32 %r5, [%rd3];
        ld.shared.b32 %r6, [%rd4];
        add.s32 %r5, %r5, %r6;
        st.shared.b32 [%rd3], %r5;
        SKIP:
        shr.u32 %r3, %r3, 1;
        setp.ne.u32 %p2, %r3, 0;
        @%p2 bra LOOP;
        setp.ne.u32 %p3, %r1, 0;
        @%p3 bra END;
        st.global.b32 [%rd1], %r5;
        END:
        """;

    public static MatrixTheoryData<int, bool> Orders { get; } = new(Enumerable.Range(0, 10), [true, false]);

    [Theory, MemberData(nameof(Orders))]
    public void A_tree_of_barriers_has_the_same_sum_in_every_order(int seed, bool together) =>
        Assert.Equal(32640u, TestKernel.Run(Tree, threads: 256, options: new() { Seed = (ulong)seed, Together = together })[0]);

    /// <summary>Without looking for races, another order of warps shows it in the result.</summary>
    [Fact]
    public void A_missing_barrier_shows_in_some_order()
    {
        string spoilt = Tree.Replace("bar.sync 0", "bar.warp.sync -1", StringComparison.Ordinal);
        Assert.True(TestKernel.Fault(spoilt, threads: 256).Kind is FaultKind.SharedRace or FaultKind.SharedNotWritten);
        IEnumerable<uint> sums = Enumerable.Range(0, 10).Select(seed =>
            Sum(spoilt, new() { Seed = (ulong)seed, Races = false }));
        Assert.Contains(sums, sum => sum != 32640);
    }

    /// <summary>Lanes leave a loop after 1 to 64 rounds, some by another way, and meet before the barrier.</summary>
    [Theory, MemberData(nameof(Orders))]
    public void Lanes_that_went_different_ways_meet_again(int seed, bool together)
    {
        uint[] words = TestKernel.Run("""
            mov.b32 %r3, 0;
            mov.b32 %r4, 0;
            LOOP:
            and.b32 %r5, %r3, 1;
            setp.eq.u32 %p1, %r5, 0;
            @%p1 bra EVEN;
            add.s32 %r4, %r4, 100;
            bra NEXT;
            EVEN:
            add.s32 %r4, %r4, 1;
            setp.gt.u32 %p2, %r4, 1000;
            @%p2 bra OUT;
            NEXT:
            add.s32 %r3, %r3, 1;
            setp.le.u32 %p3, %r3, %r1;
            @%p3 bra LOOP;
            OUT:
            bar.sync 0;
            st.global.b32 [%rd2], %r4;
            """, threads: 64, options: new() { Seed = (ulong)seed, Together = together });
        Assert.Equal(Enumerable.Range(0, 64).Select(Expected), words[..64]);

        static uint Expected(int thread)
        {
            uint sum = 0;
            for (int n = 0; n <= thread; n++)
            {
                sum += (n & 1) == 0 ? 1u : 100;
                if ((n & 1) == 0 && sum > 1000)
                    break;
            }
            return sum;
        }
    }

    [Fact]
    public void A_copy_brings_bytes_and_zeros_for_those_that_are_left_out()
    {
        const string Body = """
            cvt.u32.u64 %r3, %rd3;
            shl.b32 %r4, %r1, 1;
            cp.async.ca.shared.global [%r3], [%rd2], 4, %r4;
            cp.async.commit_group;
            cp.async.wait_group 0;
            bar.sync 0;
            ld.shared.b32 %r5, [%rd3];
            st.global.b32 [%rd2], %r5;
            """;
        Assert.Equal([0u, 0xBEEF, 0xDEADBEEF, 0xDEADBEEF], TestKernel.Run(Body, threads: 4, fill: 0xDEADBEEF)[..4]);
    }

    /// <summary>A[i][k] = i + 2 k, B[k][j] = 3 k - j, C[i][j] = 100 i + j, each element where PTX ISA puts it.</summary>
    [Fact]
    public void A_product_of_a_warp_is_that_of_its_matrices()
    {
        uint[] words = TestKernel.Run("""
            shr.u32 %r3, %r1, 2;
            and.b32 %r4, %r1, 3;
            mad.lo.s32 %r5, %r4, 2, %r3;
            cvt.rn.f32.s32 %f1, %r5;
            add.f32 %f2, %f1, 0f41000000;
            add.f32 %f3, %f1, 0f41000000;
            add.f32 %f4, %f1, 0f41800000;
            mul.lo.s32 %r6, %r4, 3;
            sub.s32 %r6, %r6, %r3;
            cvt.rn.f32.s32 %f5, %r6;
            add.f32 %f6, %f5, 0f41400000;
            mul.lo.s32 %r7, %r3, 100;
            mad.lo.s32 %r7, %r4, 2, %r7;
            cvt.rn.f32.s32 %f7, %r7;
            add.f32 %f8, %f7, 0f3F800000;
            add.f32 %f9, %f7, 0f44480000;
            add.f32 %f10, %f8, 0f44480000;
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32
                {%f11, %f12, %f13, %f14}, {%f1, %f2, %f3, %f4}, {%f5, %f6}, {%f7, %f8, %f9, %f10};
            shl.b32 %r8, %r1, 4;
            cvt.u64.u32 %rd4, %r8;
            add.u64 %rd4, %rd1, %rd4;
            st.global.v4.f32 [%rd4], {%f11, %f12, %f13, %f14};
            """, threads: 32);
        for (int n = 0; n < 128; n++)
        {
            int i = (n / 16) + (8 * (n / 2 % 2)), j = (2 * (n / 4 % 4)) + (n % 2);
            float expected = (100 * i) + j + Enumerable.Range(0, 8).Sum(k => (i + (2 * k)) * ((3 * k) - j));
            Assert.Equal(expected, BitConverter.UInt32BitsToSingle(words[n]));
        }
    }

    /// <summary>The low 13 bits of factors do not count.</summary>
    [Fact]
    public void Factors_of_a_product_are_tf32()
    {
        uint[] words = TestKernel.Run("""
            mov.f32 %f1, 0f3F801FFF;
            mov.f32 %f2, 0f00000000;
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32
                {%f3, %f4, %f5, %f6}, {%f1, %f1, %f1, %f1}, {%f1, %f1}, {%f2, %f2, %f2, %f2};
            st.global.f32 [%rd2], %f3;
            """, threads: 32);
        Assert.All(words[..32], word => Assert.Equal(8f, BitConverter.UInt32BitsToSingle(word)));
    }

    [Fact]
    public void Instructions_of_threads_are_counted()
    {
        using var memory = new PtxMachine.Memory.DeviceMemory(true);
        Kernel kernel = TestKernel.Read("setp.lt.u32 %p1, %r1, 8;\n@%p1 add.s32 %r1, %r1, 1;");
        var launch = new Launch(kernel, new(3, 1, 1), new(40, 1, 1), new byte[8], 0, memory, new());
        launch.Run();
        // 7 of the frame, a comparison and the end for each of 40 threads, an addition for 8.
        Assert.Equal(3 * ((40 * 9) + 8), launch.ThreadInstructions);
    }

    private static uint Sum(string body, MachineOptions options)
    {
        try
        {
            return TestKernel.Run(body, threads: 256, options: options)[0];
        }
        catch (Fault)
        {
            // It read what was not written yet.
            return 0;
        }
    }
}
