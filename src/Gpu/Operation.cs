namespace SpGpu.Gpu;

/// <summary>
/// An operator made ready for given shapes. <see cref="Run"/> enqueues it: it neither allocates nor waits.
/// One thread at a time may run operations of a device (<see cref="Device.Gate"/>).
/// </summary>
public abstract class Operation
{
    private Specification? _specification;
    private Shape[] _inputs = [];
    private Shape[] _outputs = [];

    /// <summary>The name of the variant that was picked, for profiles: <c>convolution 3x3 simd256</c>.</summary>
    public abstract string Variant { get; }

    /// <summary>Enqueues the work.</summary>
    /// <param name="inputs">As many tensors, in the order and of the shapes, that the operation was prepared for.</param>
    /// <param name="outputs">Tensors for the results; they may not overlap any input.</param>
    /// <exception cref="ShapeException">A tensor has another shape or type, or leaves its block of memory.</exception>
    /// <exception cref="DeviceException">A tensor is of another device, or the device failed.</exception>
    public void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        // Cheap beside any operator, and what stands between a slip and somebody else's memory.
        if (inputs.Length != _inputs.Length || outputs.Length != _outputs.Length)
            throw new ShapeException($"{Variant} was prepared for {_inputs.Length} input(s) and {_outputs.Length} output(s), {inputs.Length} and {outputs.Length} given");
        for (int i = 0; i < inputs.Length; i++)
            Check(inputs[i], _inputs[i], _specification!.TypeOf(i), _inputs[i].ImageLength, "input", i);
        for (int i = 0; i < outputs.Length; i++)
            Check(outputs[i], _outputs[i], _specification!.OutputType, _specification.Reach(_outputs[i]), "output", i);
        Enqueue(inputs, outputs);
    }

    /// <summary>Remembers what the operation was prepared for.</summary>
    internal Operation For(Specification specification, ReadOnlySpan<Shape> inputs, Shape[] outputs)
    {
        (_specification, _inputs, _outputs) = (specification, inputs.ToArray(), outputs);
        return this;
    }

    /// <summary>Enqueues the work on tensors that have been checked.</summary>
    protected abstract void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs);

    private void Check(in Tensor tensor, Shape shape, DataType type, long reach, string what, int index)
    {
        if (tensor.Memory is null || tensor.Shape != shape || tensor.Type != type)
            throw new ShapeException($"{Variant} was prepared for {shape} of {type} as {what} {index}, {tensor.Shape} of {tensor.Type} given");
        long elements = type == DataType.Float32 ? tensor.Memory.Length : 4L * tensor.Memory.Length;
        if (tensor.Offset < 0 || (shape.N > 1 && tensor.BatchStride < reach) || tensor.Offset + (shape.N - 1L) * tensor.BatchStride + reach > elements)
            throw new ShapeException($"{Variant}: {what} {index} ({shape} at {tensor.Offset}, images {tensor.BatchStride} apart) leaves its block of {elements} elements");
    }
}
