using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SpGpu.Gpu.Tests.Kernels;

/// <summary>
/// The text that ILGPU generates for a kernel, without a device. Each call has a context of its own: a compile that
/// fails breaks its context for all that follow.
/// </summary>
internal static class KernelText
{
    private static readonly ConcurrentDictionary<(string, CudaArchitecture), string> _ptxCache = new();
    private static readonly ConcurrentDictionary<string, string> _openClCache = new();

    public static string Ptx(KernelVariant kernel, CudaArchitecture architecture) =>
        _ptxCache.GetOrAdd((kernel.Name, architecture), _ =>
        {
            using Context context = KernelContext.Create(_ => { });
            using var backend = new PTXBackend(context, architecture, CudaInstructionSet.ISA_80, null!);
            KernelBounds bounds = KernelBounds.Of(kernel);
            KernelSpecialization specialization = bounds.AreStated ? new(bounds.Threads, bounds.Groups) : default;
            return ((PTXCompiledKernel)Compile(backend, kernel, specialization)).PTXAssembly;
        });

    public static string OpenCl(KernelVariant kernel) =>
        _openClCache.GetOrAdd(kernel.Name, _ =>
        {
            using Context context = KernelContext.Create(_ => { });
            using var backend = new CLBackend(context, new CLCapabilityContext(true, true, true, true, true), CLDeviceVendor.AMD,
                CLCVersion.CL20);
            return ((CLCompiledKernel)Compile(backend, kernel)).Source;
        });

    private static CompiledKernel Compile(Backend backend, KernelVariant kernel, KernelSpecialization specialization = default) =>
        backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method), specialization);
}
