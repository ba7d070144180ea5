using System.Collections.Immutable;

namespace SpGpu.Checks;

/// <summary>A case on a device: its tensors in guarded memory, its weights packed, its operation prepared.</summary>
public sealed class PreparedCase : IDisposable
{
    private readonly CaseData _data;
    private readonly PackedWeights? _weights;
    private readonly ImmutableArray<GuardedTensor> _inputs;
    private readonly ImmutableArray<GuardedTensor> _outputs;
    private readonly Tensor[] _inputTensors;
    private readonly Tensor[] _outputTensors;

    /// <summary>Prepares <paramref name="case"/> on <paramref name="device"/> and uploads its data.</summary>
    /// <exception cref="DeviceException">There is not enough memory, or the driver does not take the kernels.</exception>
    public PreparedCase(Device device, OperatorCase @case)
        : this(device, @case, new CaseData(@case))
    {
    }

    /// <summary>Prepares <paramref name="case"/> with <paramref name="data"/>.</summary>
    internal PreparedCase(Device device, OperatorCase @case, CaseData data)
    {
        ArgumentNullException.ThrowIfNull(device);
        Case = @case;
        _data = data;
        Specification specification = @case.Specification;
        _weights = data.Weight is null ? null : device.Operators.Pack(specification, data.Weight, data.Bias);
        Operation = device.Operators.Prepare(specification, @case.Inputs.AsSpan(), _weights);
        GuardedTensor Place(Shape shape, DataType type, Placement placement, int number) =>
            new(device, shape, type, placement, number, apart: @case.Apart == number);
        _inputs = [.. @case.Inputs.Select((shape, number) => Place(shape, specification.TypeOf(number), @case.InputPlacement, number))];
        _outputs = [.. @case.Outputs.Select((shape, number) =>
            Place(shape, specification.OutputType, @case.OutputPlacement, _inputs.Length + number))];
        _inputTensors = [.. _inputs.Select(input => input.Tensor)];
        _outputTensors = [.. _outputs.Select(output => At(output.Tensor, @case.Origin))];
        Fill(pattern: 0);
    }

    /// <summary>What is prepared.</summary>
    public OperatorCase Case { get; }

    /// <summary>The operation, ready to run.</summary>
    public Operation Operation { get; }

    /// <summary>Enqueues the operation once.</summary>
    public void Run() => Operation.Run(_inputTensors, _outputTensors);

    /// <summary>Gives back the memory.</summary>
    public void Dispose()
    {
        foreach (GuardedTensor tensor in _inputs.AddRange(_outputs))
            tensor.Dispose();
        _weights?.Dispose();
    }

    /// <summary>Restores all memory, with pattern 0 or 1 around the data.</summary>
    internal void Fill(int pattern)
    {
        for (int i = 0; i < _inputs.Length; i++)
            _inputs[i].Fill(pattern, _data.Inputs[i]);
        for (int i = 0; i < _outputs.Length; i++)
            _outputs[i].Fill(pattern, _data.Before[i]);
    }

    /// <summary>The elements that the operator wrote, for each output.</summary>
    /// <param name="damage">What was written that should not have been; null if nothing was.</param>
    internal byte[][] Collect(out string? damage)
    {
        damage = null;
        byte[][] results = new byte[_outputs.Length][];
        for (int i = 0; i < _outputs.Length; i++)
        {
            Size2D written = Case.Written(_outputs[i].Tensor.Shape);
            results[i] = _outputs[i].Collect(written, Case.Origin, out int? outside);
            if (outside is { } place)
                damage = FormattableString.Invariant($"wrote outside of output {i}, {place} bytes from its start");
        }
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (_inputs[i].FindDamage() is { } place)
                damage = FormattableString.Invariant($"changed input {i}, {place} bytes from its start");
        }
        return results;
    }

    private static Tensor At(Tensor tensor, Size2D origin) =>
        tensor with { Offset = tensor.Offset + origin.Height * tensor.Shape.W + origin.Width };
}
