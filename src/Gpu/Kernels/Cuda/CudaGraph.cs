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

    /// <summary>Whether a device can do it.</summary>
    public static bool IsFor(KernelDevice device) => device.Stream is CudaStream && CudaDriver.HasGraphs;

    /// <summary>
    /// Captures steps without running them, so that those that need not wait for each other run side by side, or else one
    /// after the other; null where the driver does neither.
    /// </summary>
    public static CudaGraph? TryCapture(KernelDevice device, IReadOnlyList<int[]> after, Action<int> enqueue)
    {
        var stream = (CudaStream)device.Stream;
        return (CudaDriver.HasDependencies ? TryCapture(device, stream, () => SideBySide(stream, after, enqueue)) : null)
            ?? TryCapture(device, stream, () => InOrder(after.Count, enqueue));
    }

    private static CudaGraph? TryCapture(KernelDevice device, CudaStream stream, Action enqueue)
    {
        IntPtr executable = IntPtr.Zero;
        bool isCaptured = device.Driver.Try(DriverCall.Capture, "recording launches", () =>
        {
            using ScopedAcceleratorBinding binding = device.Accelerator.BindScoped();
            executable = CudaDriver.Capture(stream, enqueue, CudaDriver.Instantiate);
        });
        return isCaptured ? new CudaGraph(device, stream, executable) : null;
    }

    private static void InOrder(int steps, Action<int> enqueue)
    {
        for (int step = 0; step < steps; step++)
            enqueue(step);
    }

    private static void SideBySide(CudaStream stream, IReadOnlyList<int[]> after, Action<int> enqueue)
    {
        var ends = new IntPtr[after.Count][];
        for (int step = 0; step < ends.Length; step++)
        {
            CudaDriver.ComeAfter(stream, [.. after[step].SelectMany(earlier => ends[earlier]).Distinct()]);
            enqueue(step);
            ends[step] = CudaDriver.Dependencies(stream);
        }
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
