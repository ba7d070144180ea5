using SpGpu.Gpu;

namespace SpGpu.Models.Tests;

/// <summary>A device that counts the operations which it is given and tells of each before it runs.</summary>
internal sealed class InterruptedDevice(Device inner) : Device
{
    private InterruptedOperators? _operators;

    /// <summary>Operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>Called with the count before an operation runs.</summary>
    public Action<int> Before { get; set; } = _ => { };

    public override string Name => "interrupted";

    public override string Description => "for tests";

    public override Operators Operators => _operators ??= new InterruptedOperators(this, inner);

    private protected override DeviceMemory? TryAllocate(int length) => inner.Allocate(length);

    private protected override void SynchronizeCore() => inner.Synchronize();

    private protected override Marker MarkCore() => inner.Mark();

    private protected override void Dispose(bool disposing)
    {
        // The inner device belongs to the test.
    }

    private sealed class InterruptedOperators(InterruptedDevice device, Device inner) : Operators(device)
    {
        private protected override PackedWeights PackCore(
            Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
            inner.Operators.Pack(specification, weight, bias);

        private protected override Operation PrepareCore(
            Specification specification, ReadOnlySpan<Shape> inputs, PackedWeights? weights) =>
            new Interrupted(device, inner.Operators.Prepare(specification, inputs, weights));
    }

    private sealed class Interrupted(InterruptedDevice device, Operation operation) : Operation
    {
        public override string Variant => operation.Variant;

        private protected override void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
        {
            device.Before(++device.Count);
            operation.Run(inputs, outputs);
        }
    }
}
