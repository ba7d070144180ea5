using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;
using SpGpu.Gpu.Kernels;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>Every kernel compiles on the devices that a machine without a GPU has.</summary>
public sealed class CompileTests
{
    [Fact]
    public void On_the_processor() => CompileAll("ilgpu-cpu");

    [Fact]
    public void On_pocl() => CompileAll(TestDevice.OpenClOrSkip());

    private static void CompileAll(string name)
    {
        using var device = (KernelDevice)TestDevice.OpenNamed(name);
        foreach (KernelVariant variant in KernelCatalog.Portable)
        {
            CompiledKernel compiled = device.Accelerator.GetBackend().Compile(
                EntryPointDescription.FromExplicitlyGroupedKernel(variant.Method), KernelSpecialization.Empty);
            device.Accelerator.LoadKernel(compiled).Dispose();
        }
    }
}
