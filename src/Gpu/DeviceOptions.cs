namespace SpGpu.Gpu;

/// <summary>
/// How a device is opened. What a device has no use for is an error, so that nothing that was asked for is passed over in
/// silence.
/// </summary>
public sealed record DeviceOptions
{
    /// <summary>Threads of <c>cpu</c>, 1 to 1024; 0 takes one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether <c>cpu</c> may compute 3x3 convolutions and their gradients by Winograd's algorithm, which is two to three times
    /// as fast and rounds a few times as much; other devices have no such thing to switch off.
    /// </summary>
    public bool Winograd { get; init; } = true;

    /// <summary>
    /// The side of the block tiles in which GPU kernels compute convolutions: 32, 64 or 128, for checks and measurements
    /// of one of them; 0 lets the shape decide.
    /// </summary>
    public int BlockTile { get; init; }

    /// <summary>
    /// Whether NVIDIA's tensor cores may multiply the floats of convolutions, as three products of TF32 numbers: faster, and
    /// rounds no more. Other devices have no such thing to switch off, and pass it over.
    /// </summary>
    public bool TensorCores { get; init; } = true;

    /// <summary>
    /// Whether OpenCL notes when each kernel starts and ends, for a <see cref="Profiling.Profile"/> by its clock: all work is
    /// then a little slower. Without it marks wait for the device and go by the host's clock; others need no telling.
    /// </summary>
    public bool Profiling { get; init; }

    /// <exception cref="DeviceException">An option is of no use to <c>cpu</c>.</exception>
    internal DeviceOptions ForProcessor() => BlockTile == 0
        ? this
        : throw new DeviceException("cpu computes convolutions without tiles; choose cuda:0, opencl:0 or ilgpu-cpu, or leave the tile out");

    /// <exception cref="DeviceException">An option is of no use to a device that runs kernels.</exception>
    internal DeviceOptions ForKernels(string name)
    {
        if (Threads != 0)
            throw new DeviceException($"{name} takes no number of threads; choose cpu, or leave the threads out");
        if (!Winograd)
            throw new DeviceException($"{name} does not compute by Winograd's algorithm; choose cpu, or do not switch it off");
        return this;
    }
}
