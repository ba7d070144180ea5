using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using SpGpu.Gpu.Kernels;
using Xunit;
using IlgpuDevice = ILGPU.Runtime.Device;

namespace SpGpu.Gpu.Tests;

/// <summary>
/// Opens devices for tests. Debian's PoCL 3.1 has no generic address space and is refused by ILGPU and by
/// <see cref="Device.Open"/>; it is made to serve by telling its compiler the missing word and ILGPU that all is well.
/// So is Oclgrind, an interpreter that reports data races and accesses out of bounds (.ci/run sets it up).
/// </summary>
internal static class TestDevice
{
    private const string PoclFlags = "-D__generic=__attribute__((opencl_generic))";

    /// <summary>As <see cref="Device.Open"/>, and PoCL too.</summary>
    public static Device OpenNamed(string name)
    {
        Prepare();
        return Device.Open(name);
    }

    /// <summary>From now on PoCL and Oclgrind serve in this process.</summary>
    public static void Prepare()
    {
        // Environment.SetEnvironmentVariable does not reach native code on Linux.
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment("POCL_EXTRA_BUILD_FLAGS", PoclFlags, 0);
        Discovery.Prepare = MakeServe;
    }

    /// <summary>
    /// The name of an OpenCL device. Without one a test is skipped, visibly; the machine that builds releases must have PoCL.
    /// </summary>
    public static string OpenClOrSkip()
    {
        if (Device.List().Any(device => device.Name == "opencl:0"))
            return "opencl:0";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "CI needs PoCL (pocl-opencl-icd, ocl-icd-opencl-dev)");
        Assert.Skip("there is no OpenCL device; install pocl-opencl-icd");
        return "";
    }

    /// <summary>What approximate instructions give is known only of the CUDA driver that needs no GPU (tests/CudaDriver).</summary>
    public static void SkipUnlessCudaWithoutGpu() => Assert.SkipUnless(
        Device.List().Any(device => device.Name == "cuda:0" && device.Description.Contains("PTX on a processor", StringComparison.Ordinal)),
        "the CUDA driver without a GPU is not in reach");

    private static void MakeServe(CLDevice device)
    {
        bool isForTests = device.PlatformName.Contains("Portable Computing Language", StringComparison.Ordinal)
            || device.PlatformName.Contains("Oclgrind", StringComparison.Ordinal);
        if (isForTests && !device.Capabilities.GenericAddressSpace)
        {
            Set(device.Capabilities, nameof(CLCapabilityContext.GenericAddressSpace), true);
            Set(device, nameof(CLDevice.DeviceVersion), CLDeviceVersion.CL20);
            Set(device, nameof(IlgpuDevice.WarpSize), 1);
        }
    }

    private static void Set(object target, string property, object value) =>
        Declaring(target.GetType(), property).SetValue(target, value);

    private static PropertyInfo Declaring(Type type, string property) =>
        type.GetProperty(property)!.DeclaringType!.GetProperty(property)!;

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
