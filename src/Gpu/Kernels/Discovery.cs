using System.Globalization;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using IlgpuDevice = ILGPU.Runtime.Device;

namespace SpGpu.Gpu.Kernels;

/// <summary>Finds and opens the devices that ILGPU knows.</summary>
internal static class Discovery
{
    /// <summary>What is done to an OpenCL device before it is judged; tests make an old driver serve.</summary>
    public static Action<CLDevice> Prepare { get; set; } = _ => { };

    /// <summary>Opens a CUDA device by its number.</summary>
    public static KernelDevice OpenCuda(int index)
    {
        Drivers.Resolve();
        Context context = KernelContext.Create(builder => builder.Cuda(_ => true));
        return Open("cuda", index, context, Devices<CudaDevice>(context), Fault);
    }

    /// <summary>Opens an OpenCL device by its number.</summary>
    /// <param name="index">The number, counted over the devices of all platforms.</param>
    /// <param name="profiling">Whether its queue notes when work starts and ends.</param>
    public static KernelDevice OpenOpenCl(int index, bool profiling)
    {
        Drivers.Resolve();
        Context context = KernelContext.Create(builder => (profiling ? builder.Profiling() : builder).OpenCL(_ => true));
        return Open("opencl", index, context, Devices<CLDevice>(context), Fault);
    }

    /// <summary>The kernels on the processor, in groups of 64 threads: for checks on tiny shapes.</summary>
    public static KernelDevice OpenProcessor()
    {
        Context context = KernelContext.Create(builder => builder.Profiling().CPU(new CPUDevice(KernelDevice.FewestThreads, 1, 1)));
        return KernelDevice.Open("ilgpu-cpu", context, context.GetCPUDevice(0));
    }

    /// <summary>Every CUDA and OpenCL device, usable or not; a line for each kind of which there is none.</summary>
    public static List<DeviceInfo> List()
    {
        Drivers.Resolve();
        using Context context = KernelContext.Create(builder => builder.Cuda(_ => true).OpenCL(_ => true));
        var devices = new List<DeviceInfo>();
        devices.AddRange(Devices<CudaDevice>(context).Select((device, i) => Describe($"cuda:{i}", device, device.Name, Fault(device))));
        if (devices.Count == 0)
            devices.Add(
                None("cuda", Drivers.HasCuda ? "the CUDA driver finds no device" : $"no CUDA driver is installed ({Drivers.CudaFile})"));
        int before = devices.Count;
        devices.AddRange(Devices<CLDevice>(context).Select((device, i) =>
            Describe($"opencl:{i}", device, $"{device.Name.Trim()} ({device.PlatformName.Trim()})", Fault(device))));
        if (devices.Count == before)
            devices.Add(
                None("opencl", Drivers.HasOpenCl
                    ? "the OpenCL loader finds no device; install the driver of one"
                    : $"no OpenCL loader is installed ({Drivers.OpenClFile})"));
        return devices;
    }

    /// <summary>The name of the device that <c>auto</c> takes: CUDA, else an OpenCL GPU, else the processor.</summary>
    public static string Best()
    {
        Drivers.Resolve();
        using Context context = KernelContext.Create(builder => builder.Cuda(_ => true).OpenCL(_ => true));
        int cuda = Devices<CudaDevice>(context).FindIndex(device => Fault(device).Length == 0);
        int openCl = Devices<CLDevice>(context).FindIndex(device =>
            device.DeviceType == CLDeviceType.CL_DEVICE_TYPE_GPU && Fault(device).Length == 0);
        return cuda >= 0 ? Name("cuda", cuda) : openCl >= 0 ? Name("opencl", openCl) : "cpu";
    }

    private static KernelDevice Open<TDevice>(string kind, int index, Context context, List<TDevice> devices, Func<TDevice, string> fault)
        where TDevice : IlgpuDevice
    {
        string name = Name(kind, index);
        try
        {
            if (index >= devices.Count)
                throw new DeviceException($"there is no device {name}; this machine has {string.Join(", ", Usable())}");
            if (fault(devices[index]) is { Length: > 0 } reason)
                throw new DeviceException($"{name} cannot be used: {reason}; use cpu");
        }
        catch
        {
            context.Dispose();
            throw;
        }
        return KernelDevice.Open(name, context, devices[index]);
    }

    private static List<TDevice> Devices<TDevice>(Context context)
        where TDevice : IlgpuDevice => [.. context.Devices.OfType<TDevice>()];

    private static IEnumerable<string> Usable() => List().Where(device => device.Usable).Select(device => device.Name).Append("cpu");

    private static string Fault(CudaDevice device) =>
        device.Architecture is null || device.InstructionSet is null ? "its driver is too old for ILGPU"
        : Limits(device);

    private static string Fault(CLDevice device)
    {
        Prepare(device);
        return device.CLStdVersion < CLBackend.MinimumVersion ? "it does not speak OpenCL C 2.0"
            : !device.Capabilities.GenericAddressSpace ? "its driver has no generic address space (OpenCL 2.0), which ILGPU needs"
            : Limits(device);
    }

    private static string Limits(IlgpuDevice device) =>
        device.MaxNumThreadsPerGroup < KernelDevice.MostThreads
            ? $"its groups have at most {device.MaxNumThreadsPerGroup} threads, {KernelDevice.MostThreads} are needed"
        : device.MaxSharedMemoryPerGroup < KernelDevice.SharedMemory
            ? $"its groups share {device.MaxSharedMemoryPerGroup} bytes, {KernelDevice.SharedMemory} are needed"
        : "";

    private static DeviceInfo Describe(string name, IlgpuDevice device, string description, string fault) => new(
        name, description, device.MemorySize, device.NumMultiprocessors, device.MaxNumThreadsPerGroup, device.MaxSharedMemoryPerGroup,
        fault.Length == 0, fault);

    private static DeviceInfo None(string kind, string reason) => new(kind, "none", 0, 0, 0, 0, false, reason);

    private static string Name(string kind, int index) => string.Create(CultureInfo.InvariantCulture, $"{kind}:{index}");
}
