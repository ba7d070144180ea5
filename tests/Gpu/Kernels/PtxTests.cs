using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>What the PTX of every kernel must and must not contain.</summary>
public sealed partial class PtxTests
{
    public static TheoryData<string> Kernels => KernelCatalog.Names;

    [Theory, MemberData(nameof(Kernels))]
    public void Keeps_registers_and_promises(string name)
    {
        KernelVariant kernel = KernelCatalog.Find(name);
        string ptx = KernelText.Ptx(kernel, CudaArchitecture.SM_80);

        // A branch that ILGPU takes for uniform though it is not gives wrong results; unconditional ones are.
        Assert.DoesNotMatch(ConditionalUniformBranch(), ptx);
        Assert.DoesNotMatch(Unwanted(), ptx);
        // A register tile or a structure that fell into memory.
        Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
        // Vectors in shared memory fault unless it is aligned to them.
        if (SharedVector().IsMatch(ptx))
            Assert.DoesNotMatch(@"\.shared \.align (1|2|4|8) ", ptx);
        if (kernel.Promises.TensorCores)
            Assert.Contains("mma.sync.aligned.m16n8k8", ptx, StringComparison.Ordinal);
        if (kernel.Promises.Vectors)
        {
            Assert.Matches(VectorLoad(), ptx);
            Assert.Matches(VectorStore(), ptx);
        }
    }

    /// <summary>So looking at one of them is enough. Numbers in names differ from one compile to the next.</summary>
    [Theory, InlineData("SoftmaxKernels.Channels"), InlineData("TiledConvolutionKernel.Run<BlockTile64By128, NarrowTensorTile, Plane>")]
    public void Text_for_newer_architectures_is_that_for_8(string name)
    {
        KernelVariant kernel = KernelCatalog.Find(name);
        string text = KernelText.Ptx(kernel, CudaArchitecture.SM_80);
        Assert.Contains(".target sm_80", text, StringComparison.Ordinal);
        Assert.Equal(Number().Replace(text, "_"), Number().Replace(KernelText.Ptx(kernel, CudaArchitecture.SM_90), "_"));
    }

    [Fact]
    public void Vectors_that_did_not_happen_and_a_tile_in_memory_are_found()
    {
        string ptx = KernelText.Ptx(PlantedKernels.LocalArray, CudaArchitecture.SM_80);
        Assert.DoesNotMatch(VectorLoad(), ptx);
        Assert.DoesNotMatch(VectorStore(), ptx);
        Assert.Contains(".local", ptx, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conditional_uniform_branch_is_found()
    {
        Assert.Matches(ConditionalUniformBranch(), "\tadd.s32 %r1, %r2, 1;\n\t@!%p3 bra.uni L_1;\n");
        Assert.DoesNotMatch(ConditionalUniformBranch(), "\t@%p3 bra L_1;\n\tbra.uni L_2;\n");
    }

    [Theory]
    [InlineData("\ttanh.approx.f32\t%f1, %f2;")]
    [InlineData("\t@%p1 copysign.f32\t%f1, %f2, %f3;")]
    [InlineData("\tmin.f32\t%f1, %f2, %f3;")]
    [InlineData("\tmax.ftz.f32\t%f1, %f2, %f3;")]
    [InlineData("\tbar.warp.sync\t-1;")]
    [InlineData("\tcall.uni (retval0), Tan, (param0);")]
    [InlineData("\tadd.ftz.f32\t%f1, %f2, %f3;")]
    [InlineData("\tsetp.ltu.f32\t%p1, %f1, 0f3F800000;")]
    public void What_no_kernel_may_do_is_found(string line) => Assert.Matches(Unwanted(), line + "\n");

    /// <summary>
    /// Signs that ILGPU swaps, an approximation of 2^-11, comparisons that lose NaN, a barrier of the warp alone, calls that
    /// nothing resolves, arithmetic without subnormal numbers, and comparisons that are true of NaN, as ILGPU makes of those with
    /// a constant on the left.
    /// </summary>
    [GeneratedRegex(@"^\s*(@!?\S+\s+)?(copysign|tanh|(min|max)(\.\w+)*\.f32|bar\.warp|call|setp\.(lt|le|gt|ge)u\.f32|\w+(\.\w+)*\.ftz)\b",
        RegexOptions.Multiline)]
    private static partial Regex Unwanted();

    [GeneratedRegex(@"_\d+\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"\bld(\.global)?\.v4\.[bf]32")]
    private static partial Regex VectorLoad();

    [GeneratedRegex(@"\bst(\.global|\.shared)?\.v4\.[bf]32")]
    private static partial Regex VectorStore();

    [GeneratedRegex(@"\b(ld|st)\.shared\.v[24]")]
    private static partial Regex SharedVector();

    [GeneratedRegex(@"^\s*@.*\.uni\b", RegexOptions.Multiline)]
    private static partial Regex ConditionalUniformBranch();
}
