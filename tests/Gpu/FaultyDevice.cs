namespace SpGpu.Gpu.Tests;

/// <summary>A device whose operators do what those of another do, and then something wrong.</summary>
internal sealed class FaultyDevice : Device
{
    private readonly Device _inner;

    public FaultyDevice(Device inner, Fault fault)
    {
        _inner = inner;
        Operators = new FaultyOperators(this, inner.Operators, fault);
    }

    /// <summary>What happens after a run; <paramref name="run"/> counts the runs of an operation from 0.</summary>
    public delegate void Fault(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, int run);

    public override string Name => "faulty";

    public override string Description => "for tests";

    /// <summary>Whether a failure is for good.</summary>
    public bool IsLost { get; init; }

    public override Operators Operators { get; }

    /// <summary>Changes the parameters before they are packed.</summary>
    public Action<float[], float[]> Weights
    {
        init => ((FaultyOperators)Operators).Weights = value;
    }

    private protected override DeviceMemory TryAllocate(int length) => _inner.Allocate(length);

    private protected override void SynchronizeCore()
    {
        if (IsLost)
            throw new DeviceException("faulty: lost; use cpu");
        _inner.Synchronize();
    }

    private protected override Marker MarkCore() => _inner.Mark();

    private protected override void Dispose(bool disposing)
    {
        // The inner device belongs to the suite.
    }

    private sealed class FaultyOperators(Device device, Operators inner, Fault fault) : Operators(device)
    {
        public Action<float[], float[]> Weights { get; set; } = (_, _) => { };

        private protected override PackedWeights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
        {
            (float[] weights, float[] biases) = (weight.ToArray(), bias.ToArray());
            Weights(weights, biases);
            return inner.Pack(specification, weights, biases);
        }

        private protected override Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, PackedWeights? weights) =>
            new FaultyOperation(inner.Prepare(specification, inputs, weights), fault);
    }

    private sealed class FaultyOperation(Operation inner, Fault fault) : Operation
    {
        private int _runs;

        public override string Variant => "faulty " + inner.Variant;

        private protected override void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
        {
            inner.Run(inputs, outputs);
            fault(inputs, outputs, _runs++);
        }
    }
}
