using SpGpu.Gpu.Simd;

namespace SpGpu.Gpu;

public abstract partial class Device
{
    /// <summary>Opens a device by name.</summary>
    /// <param name="name">
    /// <c>cpu</c>, <c>cuda:0</c>, <c>opencl:0</c>, <c>ilgpu-cpu</c>; or <c>auto</c>, which takes the first CUDA device,
    /// else the first OpenCL GPU, else <c>cpu</c>.
    /// </param>
    /// <param name="threads">Threads for <c>cpu</c>; 0 takes one a processor.</param>
    /// <exception cref="DeviceException">There is no such device, or it cannot be used; the message says why.</exception>
    public static Device Open(string name = "auto", int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new SimdDevice(threads);
    }
}
