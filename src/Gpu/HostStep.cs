namespace SpGpu.Gpu;

/// <summary>
/// What the host does between two operators, when all work before is done: exchanging numbers with other processes. A plan
/// that has one is not recorded.
/// </summary>
internal abstract record HostStep : Specification
{
    /// <summary>Does it.</summary>
    internal abstract void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs);
}

/// <summary>The operation of a <see cref="HostStep"/>, on any device.</summary>
internal sealed class HostOperation(HostStep step) : Operation
{
    public override string Variant => $"{step.Name} host";

    private protected override void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs) => step.Run(inputs, outputs);
}
