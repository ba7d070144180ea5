using System.Globalization;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.IR;
using ILGPU.Runtime;
using SpGpu.Gpu.Kernels;
using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

public abstract partial class Device
{
    /// <summary>Opens a device by name.</summary>
    /// <param name="name">
    /// <c>cpu</c>, <c>cuda:0</c>, <c>opencl:0</c>, <c>ilgpu-cpu</c>; or <c>auto</c>, which takes the first CUDA device,
    /// else the first OpenCL GPU, else <c>cpu</c>.
    /// </param>
    /// <param name="options">How to open it; null for what suits most.</param>
    /// <exception cref="DeviceException">
    /// There is no such device, it cannot be used, or it has no use for an option; the message says why.
    /// </exception>
    public static Device Open(string name = "auto", DeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= new();
        if (name == "auto")
            name = Discovery.Best();
        string[] parts = name.Split(':');
        int index = 0;
        bool numbered = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index);
        return (parts[0], parts.Length, numbered) switch
        {
            ("cpu", 1, _) => new SimdDevice(options.ForProcessor()),
            ("ilgpu-cpu", 1, _) => Discovery.OpenProcessor().With(options),
            ("cuda", 1, _) or ("cuda", _, true) => Discovery.OpenCuda(index).With(options),
            ("opencl", 1, _) or ("opencl", _, true) => Discovery.OpenOpenCl(index, options.Profiling).With(options),
            _ => throw new DeviceException($"there is no device '{name}'; give auto, cpu, cuda:0, opencl:0 or ilgpu-cpu"),
        };
    }

    /// <summary>
    /// Makes a device of an accelerator that the program already has; disposing the device leaves it alone. Its context
    /// must have been made with <see cref="KernelContext.EnableSpGpu"/>.
    /// </summary>
    /// <exception cref="DeviceException">The accelerator or its context cannot run the kernels; the message says why.</exception>
    public static Device From(Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        string name = accelerator.AcceleratorType switch
        {
            AcceleratorType.Cuda => "cuda",
            AcceleratorType.OpenCL => "opencl",
            _ => "ilgpu-cpu",
        };
        Context context = accelerator.Context;
        if (!KernelIntrinsics.AreRegistered(context.GetIntrinsicManager()))
            throw new DeviceException(
                $"{name}: the accelerator's context does not know SpGpu's intrinsics; " +
                "make it with Context.Create(builder => builder.Default().EnableSpGpu())");
        if (context.Properties.OptimizationLevel > OptimizationLevel.O1)
            throw new DeviceException(
                $"{name}: the accelerator's context compiles at O2, where ILGPU generates wrong branches; " +
                "make it with Optimize(OptimizationLevel.O1)");
        if (accelerator.MaxNumThreadsPerGroup < KernelDevice.FewestThreads)
            throw new DeviceException(
                $"{name}: groups of the accelerator have at most {accelerator.MaxNumThreadsPerGroup} threads, " +
                $"{KernelDevice.FewestThreads} are needed; on the CPU register new CPUDevice({KernelDevice.FewestThreads}, 1, 1)");
        return new KernelDevice(name, context, accelerator, owner: false);
    }

    /// <summary>
    /// The devices of this machine: <c>cpu</c>, <c>ilgpu-cpu</c>, every CUDA and OpenCL device whether it can be used or
    /// not, and a line for each of the two kinds of which there is none.
    /// </summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        string processor = $"{Environment.ProcessorCount} {(Environment.ProcessorCount == 1 ? "processor" : "processors")}, " +
            $"{RuntimeInformation.ProcessArchitecture}";
        return
        [
            new DeviceInfo("cpu", processor, 0, Environment.ProcessorCount, 1, 0, true, ""),
            .. Discovery.List(),
            new DeviceInfo("ilgpu-cpu", "the GPU kernels on the processor, for checks of tiny shapes", 0, 1, KernelDevice.FewestThreads,
                KernelDevice.SharedMemory, true, ""),
        ];
    }
}
