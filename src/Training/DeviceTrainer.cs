using SpGpu.Data.Datasets;
using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Training;

/// <summary>A network that learns on a device.</summary>
internal sealed class DeviceTrainer(Graph graph, StateDict state, Device device, TrainingOptions options) : ITrainer
{
    private readonly TrainingNetwork _network = new(graph, state, device, options);

    public long Step
    {
        get => _network.Step;
        set => _network.Step = value;
    }

    public void Accumulate(Batch batch, Span<LossValue> losses) =>
        _network.Accumulate(batch.Count, batch.Height, batch.Width, batch.Images, batch.Labels, losses);

    public void ReadPredictions(Span<byte> classes) => _network.ReadPredictions(classes);

    public LossValue Evaluate(Batch batch, Span<byte> classes) =>
        _network.Evaluate(batch.Count, batch.Height, batch.Width, batch.Images, batch.Labels, classes);

    public void Update(ReadOnlySpan<float> rates) => _network.Update(rates);

    public void ShareStatistics() => _network.ShareStatistics();

    public StateDict State() => _network.State();

    public StateDict? Average() => _network.Average();

    public StateDict Momenta() => _network.Momenta();

    public void Restore(StateDict state, StateDict momenta, StateDict? average) => _network.Restore(state, momenta, average);

    public void Dispose() => _network.Dispose();
}
