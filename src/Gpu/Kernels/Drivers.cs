using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// The driver libraries. ILGPU asks for libcuda.so and libOpenCL.so, the names for developers; machines that only run
/// programs often have libcuda.so.1 and libOpenCL.so.1 alone, and ILGPU then silently finds no device; where there is a
/// libcuda.so it may be a toolkit's, made for linking alone. ILGPU.Algorithms asks for nvidia-ml.so, and drivers have
/// libnvidia-ml.so.1.
/// </summary>
internal static class Drivers
{
    private static readonly Lock _once = new();
    private static bool _resolving;

    /// <summary>CUDA's driver library as its file is called on this system.</summary>
    public static string CudaFile => OperatingSystem.IsWindows() ? "nvcuda.dll" : FileOf("cuda");

    /// <summary>The OpenCL loader as its file is called on this system.</summary>
    public static string OpenClFile => OperatingSystem.IsWindows() ? "OpenCL.dll" : FileOf("OpenCL");

    /// <summary>Whether CUDA's driver library can be loaded.</summary>
    public static bool HasCuda => LoadCuda() != IntPtr.Zero;

    /// <summary>Whether an OpenCL loader can be loaded.</summary>
    public static bool HasOpenCl => Load("OpenCL") != IntPtr.Zero;

    /// <summary>Lets ILGPU find the libraries under either name; to be called before the first context is made.</summary>
    public static void Resolve()
    {
        lock (_once)
        {
            // Under WSL, ILGPU sets a resolver of its own, and there can be only one.
            if (_resolving || !OperatingSystem.IsLinux() || Directory.Exists("/usr/lib/wsl/lib"))
                return;
            _resolving = true;
            ResolveFor(typeof(Context).Assembly);
            ResolveFor(typeof(NvmlDevice).Assembly);
        }
    }

    /// <summary>CUDA's driver library; zero if there is none.</summary>
    public static IntPtr LoadCuda() => Load(OperatingSystem.IsWindows() ? "nvcuda" : "cuda");

    private static void ResolveFor(Assembly assembly)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(assembly, Find);
        }
        catch (InvalidOperationException)
        {
            // The program has set its own, which then is to find them.
        }
    }

    private static IntPtr Find(string library, Assembly assembly, DllImportSearchPath? path)
    {
        string? file = library switch
        {
            "cuda" or "OpenCL" => FileOf(library),
            "nvidia-ml.so" => FileOf("nvidia-ml"),
            _ => null,
        };
        if (file is null)
            return IntPtr.Zero;
        // The last is where containers get the driver of their host.
        return NativeLibrary.TryLoad(file, out IntPtr handle)
            || NativeLibrary.TryLoad(library, assembly, path, out handle)
            || NativeLibrary.TryLoad(Path.Combine("/usr/local/nvidia/lib64", file), out handle)
            ? handle
            : IntPtr.Zero;
    }

    private static IntPtr Load(string library) =>
        OperatingSystem.IsLinux() ? Find(library, typeof(Context).Assembly, null)
        : NativeLibrary.TryLoad(library, typeof(Context).Assembly, null, out IntPtr handle) ? handle
        : IntPtr.Zero;

    private static string FileOf(string library) => $"lib{library}{(OperatingSystem.IsMacOS() ? ".dylib" : ".so.1")}";
}
