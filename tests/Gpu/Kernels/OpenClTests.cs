using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using Xunit;
using Group = ILGPU.Group;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>What the OpenCL C of every kernel must and must not contain, and what AMD's GPUs would make of it.</summary>
public sealed partial class OpenClTests
{
    /// <summary>CDNA 2, RDNA 2, RDNA 3.</summary>
    private static readonly string[] _targets = ["gfx90a", "gfx1030", "gfx1100"];

    public static TheoryData<string> Kernels => KernelCatalog.PortableNames;

    [Theory, MemberData(nameof(Kernels))]
    public void Fences_local_memory_and_needs_no_double(string name)
    {
        string source = KernelText.OpenCl(KernelCatalog.Find(name));

        // ILGPU's own barrier fences global memory alone.
        Assert.DoesNotMatch(GlobalBarrier(), source);
        Assert.DoesNotContain("double", source, StringComparison.Ordinal);
        // Approximations of any error.
        Assert.DoesNotMatch(Approximation(), source);
        if (LocalMemory().IsMatch(source))
            Assert.Contains("work_group_barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_barrier_of_ilgpu_and_local_memory_are_found()
    {
        MethodInfo method = typeof(OpenClTests).GetMethod(nameof(Planted), BindingFlags.Static | BindingFlags.NonPublic)!;
        string source = KernelText.OpenCl(new KernelVariant(method, new()));
        Assert.Matches(GlobalBarrier(), source);
        Assert.Matches(LocalMemory(), source);
    }

    [Theory, InlineData("native_exp(x)"), InlineData("half_sqrt ( x )")]
    public void An_approximation_is_found(string source) => Assert.Matches(Approximation(), source);

    [Theory, MemberData(nameof(Kernels))]
    public void Spills_nothing_on_amd(string name)
    {
        AmdCompiler.SkipIfAbsent();
        string source = KernelText.OpenCl(KernelCatalog.Find(name));
        foreach (string target in _targets)
        {
            AmdResources resources = AmdCompiler.Compile(source, target);
            TestContext.Current.TestOutputHelper?.WriteLine($"{target}: {resources}");
            Assert.False(Spills(resources), $"{target}: {resources}");
            Assert.True(resources.Lds <= SpGpu.Gpu.Kernels.KernelDevice.SharedMemory, $"{target}: {resources}");
        }
    }

    [Fact]
    public void A_tile_in_memory_and_spilled_registers_are_found_on_amd()
    {
        AmdCompiler.SkipIfAbsent();
        Assert.True(Spills(AmdCompiler.Compile(KernelText.OpenCl(PlantedKernels.LocalArray), _targets[0])));
        string source = KernelText.OpenCl(KernelCatalog.Find("TiledConvolutionKernel.Run<BlockTile64, ThreadTile8, Plane>"));
        string held = source.Replace("kernel void", "__attribute__((amdgpu_num_vgpr(32))) kernel void", StringComparison.Ordinal);
        Assert.True(AmdCompiler.Compile(held, _targets[1]).VgprSpills > 0);
    }

    private static bool Spills(AmdResources resources) => resources is not { Scratch: 0, SgprSpills: 0, VgprSpills: 0 };

    private static void Planted(ArrayView<float> x)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(64);
        shared[Group.IdxX] = x[Group.IdxX];
        Group.Barrier();
        x[Group.IdxX] = shared[63 - Group.IdxX];
    }

    [GeneratedRegex(@"barrier\s*\(\s*CLK_GLOBAL_MEM_FENCE\s*\)")]
    private static partial Regex GlobalBarrier();

    [GeneratedRegex(@"\b(__)?local\b")]
    private static partial Regex LocalMemory();

    [GeneratedRegex(@"\b(native|half)_[a-z0-9]+\s*\(")]
    private static partial Regex Approximation();
}
