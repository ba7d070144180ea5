namespace SpGpu.Gpu;

/// <summary>
/// An operator made ready for given shapes. <see cref="Run"/> enqueues it: it neither allocates nor waits, but for
/// other threads that use the device.
/// </summary>
public abstract class Operation
{
    private Device? _device;
    private Specification? _specification;
    private PackedWeights? _weights;
    private Shape[] _inputs = [];
    private Shape[] _outputs = [];

    private protected Operation()
    {
    }

    /// <summary>The name of the variant that was picked, for profiles: <c>convolution 3x3 simd256</c>.</summary>
    public abstract string Variant { get; }

    /// <summary>32-bit elements of the device's workspace that it works in.</summary>
    internal int WorkspaceLength { get; set; }

    /// <summary>
    /// Where these begin: others may run at the same time elsewhere, on devices where <see cref="Device.CanRecord"/>. A
    /// multiple of 256 bytes.
    /// </summary>
    internal int WorkspaceOffset { get; set; }

    /// <summary>What it computes.</summary>
    private protected Specification Specification => _specification!;

    /// <summary>Enqueues the work.</summary>
    /// <param name="inputs">As many tensors, in the order and of the shapes, that the operation was prepared for.</param>
    /// <param name="outputs">Tensors for the results; they may not overlap any input.</param>
    /// <exception cref="ShapeException">A tensor has another shape or type, or leaves its block of memory.</exception>
    /// <exception cref="DeviceException">A tensor is of another device, or the device failed.</exception>
    /// <exception cref="ObjectDisposedException">The device, its weights or a tensor's memory has been disposed.</exception>
    public void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        lock (_device!.Lock)
        {
            _device.ThrowIfDisposed();
            if (_weights is not null)
                ObjectDisposedException.ThrowIf(_weights.IsDisposed, _weights);
            Check(inputs, outputs);
            _device.Workspace.Restore();
            Enqueue(inputs, outputs);
        }
        // Memory that nobody else holds any more must not be finalised meanwhile.
        KeepAlive(inputs);
        KeepAlive(outputs);
    }

    /// <summary>The variant.</summary>
    public sealed override string ToString() => Variant;

    /// <summary>Remembers what the operation was prepared for.</summary>
    internal Operation For(Device device, Specification specification, ReadOnlySpan<Shape> inputs, Shape[] outputs, PackedWeights? weights)
    {
        (_device, _specification, _weights) = (device, specification, weights);
        (_inputs, _outputs) = (inputs.ToArray(), outputs);
        return this;
    }

    /// <summary>Enqueues the work on tensors that have been checked.</summary>
    private protected abstract void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs);

    private void Check(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        // Cheap beside any operator, and what stands between a slip and somebody else's memory.
        if (inputs.Length != _inputs.Length || outputs.Length != _outputs.Length)
            throw new ShapeException(
                $"{Variant} was prepared for {_inputs.Length} input(s) and {_outputs.Length} output(s), " +
                $"{inputs.Length} and {outputs.Length} given");
        for (int i = 0; i < inputs.Length; i++)
            Check(inputs[i], _inputs[i], _specification!.TypeOf(i), _inputs[i].ImageLength, "input", i);
        for (int i = 0; i < outputs.Length; i++)
            Check(outputs[i], _outputs[i], _specification!.OutputType, _specification.Reach(_outputs[i]), "output", i);
    }

    private void Check(in Tensor tensor, Shape shape, DataType type, long reach, string what, int index)
    {
        if (tensor.Memory is null || tensor.Shape != shape || tensor.Type != type)
            throw new ShapeException(
                $"{Variant} was prepared for {shape} of {type} as {what} {index}, {tensor.Shape} of {tensor.Type} given");
        long elements = type == DataType.Float32 ? tensor.Memory.Length : 4L * tensor.Memory.Length;
        if (tensor.Offset < 0 || (shape.N > 1 && tensor.BatchStride < reach)
            || tensor.Offset + (shape.N - 1L) * tensor.BatchStride + reach > elements)
            throw new ShapeException(
                $"{Variant}: {what} {index} ({shape} at {tensor.Offset}, images {tensor.BatchStride} apart) leaves " +
                $"its block of {elements} elements");
        tensor.Memory.ThrowIfDisposed();
    }

    private static void KeepAlive(ReadOnlySpan<Tensor> tensors)
    {
        foreach (ref readonly Tensor tensor in tensors)
            GC.KeepAlive(tensor.Memory);
    }
}
