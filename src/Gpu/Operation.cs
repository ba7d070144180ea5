namespace SpGpu.Gpu;

/// <summary>
/// An operator made ready for given shapes. <see cref="Run"/> enqueues it: it neither allocates nor waits.
/// One thread at a time may run operations of a device (<see cref="Device.Gate"/>).
/// </summary>
public abstract class Operation
{
    /// <summary>The name of the variant that was picked, for profiles: <c>convolution 3x3 simd256</c>.</summary>
    public abstract string Variant { get; }

    /// <summary>Enqueues the work.</summary>
    /// <param name="inputs">As many tensors, in the order and of the shapes, that the specification names.</param>
    /// <param name="outputs">Tensors for the results; they may not overlap any input.</param>
    public abstract void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs);
}
