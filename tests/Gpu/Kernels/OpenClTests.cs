using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>What the OpenCL C of every kernel must and must not contain, and what AMD's GPUs would make of it.</summary>
public sealed class OpenClTests
{
    /// <summary>CDNA 2, RDNA 2, RDNA 3.</summary>
    private static readonly string[] _targets = ["gfx90a", "gfx1030", "gfx1100"];

    public static TheoryData<string> Kernels => KernelCatalog.PortableNames;

    [Theory, MemberData(nameof(Kernels))]
    public void Fences_local_memory_and_needs_no_double(string name)
    {
        string source = KernelText.OpenCl(KernelCatalog.Find(name));

        // ILGPU's own barrier fences global memory alone.
        Assert.DoesNotContain("barrier(CLK_GLOBAL_MEM_FENCE)", source, StringComparison.Ordinal);
        Assert.DoesNotContain("double", source, StringComparison.Ordinal);
        if (source.Contains("__local", StringComparison.Ordinal))
            Assert.Contains("work_group_barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)", source, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kernels))]
    public void Spills_nothing_on_amd(string name)
    {
        AmdCompiler.SkipIfAbsent();
        string source = KernelText.OpenCl(KernelCatalog.Find(name));
        foreach (string target in _targets)
        {
            AmdResources resources = AmdCompiler.Compile(source, target);
            TestContext.Current.TestOutputHelper?.WriteLine($"{target}: {resources}");
            Assert.True(resources is { Scratch: 0, SgprSpills: 0, VgprSpills: 0 }, $"{target}: {resources}");
            Assert.True(resources.Lds <= SpGpu.Gpu.Kernels.KernelDevice.SharedMemory, $"{target}: {resources}");
        }
    }
}
