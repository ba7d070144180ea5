namespace SpGpu.Gpu.Simd;

/// <summary>
/// An operator of the CPU set. <see cref="Operation.Run"/> takes the addresses out of the tensors, then the team
/// executes shares: whole (image, channel) planes, rows or tiles, so that no sum depends on the number of threads.
/// Work whose second half needs the whole of the first has several phases: all shares of one are done before the next.
/// </summary>
internal abstract unsafe class SimdOperation(Team team, int inputs = 5) : Operation, ITeamWork
{
    private readonly View[] _inputs = new View[inputs];
    private readonly View[] _outputs = new View[4];

    private protected sealed override void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Take(inputs, _inputs);
        Take(outputs, _outputs);
        for (Phase = 0; Phase < Phases; Phase++)
            team.Run(this);
    }

    /// <summary>Does a worker's share of the current <see cref="Phase"/>.</summary>
    public abstract void Execute(int worker, int workers);

    /// <summary>How often the team executes shares; a phase begins when every share of the one before is done.</summary>
    protected virtual int Phases => 1;

    /// <summary>The phase that is being executed, from 0 on.</summary>
    protected int Phase { get; private set; }

    /// <summary>The part [first, last) of <paramref name="items"/> that falls to a worker; parts differ by at most one.</summary>
    public static (int First, int Last) Share(int items, int worker, int workers) =>
        ((int)((long)items * worker / workers), (int)((long)items * (worker + 1) / workers));

    protected ReadOnlySpan<View> Inputs => _inputs;

    protected View Input(int index) => _inputs[index];

    protected View Output(int index) => _outputs[index];

    private static void Take(ReadOnlySpan<Tensor> tensors, View[] views)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            ref readonly Tensor tensor = ref tensors[i];
            views[i] = tensor.Type == DataType.Float32
                ? new View(SimdMemory.Floats(tensor), null, tensor.BatchStride, tensor.Shape)
                : new View(null, SimdMemory.Bytes(tensor), tensor.BatchStride, tensor.Shape);
        }
    }
}
