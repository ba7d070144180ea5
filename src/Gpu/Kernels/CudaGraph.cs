using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SpGpu.Gpu.Kernels;

/// <summary>Launches that CUDA's driver captured: the host enqueues them all by one call, and the GPU knows what comes next.</summary>
internal sealed class CudaGraph : Recording
{
    private readonly KernelDevice _device;
    private readonly CudaStream _stream;
    private readonly IntPtr _executable;
    private readonly Action _launch;

    private CudaGraph(KernelDevice device, CudaStream stream, IntPtr executable)
        : base(device)
    {
        (_device, _stream, _executable) = (device, stream, executable);
        _launch = Launch;
    }

    /// <summary>Captures what is enqueued, without running it; null for other accelerators, and where the driver does not do it.</summary>
    public static CudaGraph? TryCapture(KernelDevice device, Action enqueue)
    {
        if (device.Stream is not CudaStream stream || !CudaDriver.HasGraphs)
            return null;
        IntPtr executable = IntPtr.Zero;
        bool isCaptured = device.Driver.Try(DriverCall.Capture, "recording launches", () =>
        {
            using ScopedAcceleratorBinding binding = device.Accelerator.BindScoped();
            executable = CudaDriver.Capture(stream, enqueue);
        });
        return isCaptured ? new CudaGraph(device, stream, executable) : null;
    }

    private protected override bool TryReplayCore() => _device.Driver.Try(DriverCall.Replay, "a replay of recorded launches", _launch);

    private protected override void DisposeCore() => _device.Driver.Try(DriverCall.Free, "giving recorded launches back", () =>
    {
        using ScopedAcceleratorBinding binding = _device.Accelerator.BindScoped();
        CudaDriver.Destroy(_executable);
    });

    private void Launch()
    {
        using ScopedAcceleratorBinding binding = _device.Accelerator.BindScoped();
        CudaDriver.Launch(_executable, _stream);
    }
}
