using System.Reflection;
using System.Text;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>Why CUDA's driver does not take a kernel, in the words of its compiler. ILGPU gives them to Trace alone.</summary>
internal static unsafe class CudaCompilerLog
{
    private const int ErrorLog = 5, ErrorLogBytes = 6, Bytes = 8192, MostShown = 600;

    private static readonly delegate* unmanaged<IntPtr*, byte*, uint, int*, void**, CudaError> _load =
        (delegate* unmanaged<IntPtr*, byte*, uint, int*, void**, CudaError>)CudaDriver.Find("cuModuleLoadDataEx");

    /// <summary>Has the driver compile a kernel once more; empty where it says nothing, or does take it.</summary>
    public static string Of(Accelerator accelerator, MethodInfo kernel, KernelSpecialization specialization)
    {
        if (accelerator is not CudaAccelerator cuda || _load == null)
            return "";
        var compiled = (PTXCompiledKernel)cuda.Backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(kernel), specialization);
        using ScopedAcceleratorBinding binding = accelerator.BindScoped();
        byte[] log = new byte[Bytes];
        IntPtr module;
        fixed (byte* text = Encoding.ASCII.GetBytes(compiled.PTXAssembly + '\0'), buffer = log)
        {
            int* names = stackalloc int[] { ErrorLog, ErrorLogBytes };
            void** values = stackalloc void*[] { buffer, (void*)Bytes };
            if (_load(&module, text, 2, names, values) == CudaError.CUDA_SUCCESS)
            {
                _ = CudaAPI.CurrentAPI.DestroyModule(module);
                return "";
            }
        }
        string said = Encoding.ASCII.GetString(log).TrimEnd('\0', '\r', '\n', ' ');
        return said.Length > MostShown ? said[..MostShown] + " ..." : said;
    }
}
