namespace SpGpu.Gpu;

/// <summary>
/// What a device can compute. Each operator is a record derived from <see cref="Specification"/>, which holds its
/// formula, shapes and errors; a device implements them all in two phases, because packed weights and prepared
/// launches need the first:
/// <list type="number">
/// <item><see cref="Prepare"/> picks the variant for given shapes;</item>
/// <item><see cref="Operation.Run"/> enqueues it.</item>
/// </list>
/// <para>They lie by families in <c>src/Gpu/Operators</c>. The SPM gate is a 1x1 <see cref="Convolution"/> with
/// <see cref="Convolution.ExpandAddRelu"/> on load and <see cref="Epilogue.Sigmoid"/> and <see cref="Epilogue.Multiply"/>
/// on store.</para>
/// <para>All arithmetic is in float32 with a fixed order of summation: the same inputs give the same bits on one
/// device, whatever the number of threads.</para>
/// </summary>
public abstract class Operators
{
    private readonly Device _device;

    /// <summary>Remembers whose operators they are.</summary>
    private protected Operators(Device device) => _device = device;

    /// <summary>Puts the parameters of an operator into device memory in the layout that it wants.</summary>
    /// <param name="specification">An operator with parameters of its own: a convolution or a batch norm.</param>
    /// <param name="weight">
    /// Convolution: the filter, (out, in / groups, kh, kw) row-major. Batch norm: the factor of each channel.
    /// </param>
    /// <param name="bias">One value an output channel.</param>
    /// <exception cref="ShapeException">The lengths do not fit, or the operator has no parameters.</exception>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public PackedWeights Pack(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        ArgumentNullException.ThrowIfNull(specification);
        (Int128 weights, int biases) = specification.PackedLengths
            ?? throw new ShapeException($"{specification.Name} has no parameters to pack");
        if (weight.Length != weights || bias.Length != biases)
            throw new ShapeException(
                $"{specification.Name} needs {weights} weights and {biases} biases, {weight.Length} and {bias.Length} given");
        try
        {
            lock (_device.Lock)
            {
                _device.ThrowIfDisposed();
                return PackCore(specification, weight, bias);
            }
        }
        catch (OverflowException error)
        {
            throw new ShapeException(
                $"{specification.Name}: the filter takes more than 2^31 elements when it is packed; use fewer channels", error);
        }
    }

    /// <summary>Makes an operator ready for inputs of the given shapes.</summary>
    /// <param name="specification">What to compute.</param>
    /// <param name="inputs">The shapes of its inputs.</param>
    /// <param name="weights">What <see cref="Pack"/> returned, for operators with parameters; it must outlive the operation.</param>
    /// <exception cref="ShapeException">The operator cannot take these shapes.</exception>
    /// <exception cref="DeviceException">There is not enough memory, or the driver does not take the kernels.</exception>
    public Operation Prepare(Specification specification, ReadOnlySpan<Shape> inputs, PackedWeights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        if (weights is null && specification.PackedLengths is not null)
            throw new ShapeException($"{specification.Name} needs its weights; pack them first");
        Shape[] outputs = specification.Infer(inputs);
        foreach (Shape output in outputs)
            output.Checked($"the output of {specification.Name}");
        try
        {
            lock (_device.Lock)
            {
                _device.ThrowIfDisposed();
                // An operator may prepare others for itself, whose workspace is part of its own.
                int outer = _device.Workspace.Asked;
                _device.Workspace.Asked = 0;
                Operation operation = specification is HostStep host
                    ? new HostOperation(host)
                    : PrepareCore(specification, inputs, weights);
                operation.For(_device, specification, inputs, outputs, weights);
                operation.WorkspaceLength = _device.Workspace.Asked;
                _device.Workspace.Asked = Math.Max(outer, operation.WorkspaceLength);
                return operation;
            }
        }
        catch (OverflowException error)
        {
            throw new ShapeException(
                $"{specification.Name}: its intermediate results for {inputs[0]} have more than 2^31 elements; " +
                "use smaller images, a smaller batch or windows", error);
        }
    }

    /// <summary>Packs parameters whose lengths have been checked.</summary>
    private protected abstract PackedWeights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias);

    /// <summary>Prepares an operator whose shapes have been checked.</summary>
    private protected abstract Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, PackedWeights? weights);
}
