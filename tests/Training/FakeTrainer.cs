using SpGpu.Data.Datasets;
using SpGpu.Layers;

namespace SpGpu.Training.Tests;

/// <summary>
/// Stands in for a network: one number that every batch, rate and step changes, so that a run that left one out, took
/// one twice or forgot a momentum ends elsewhere.
/// </summary>
internal sealed class FakeTrainer : ITrainer
{
    private readonly StateDict _state;
    private double _gradient;
    private float _momentum;
    private float _weight;
    private Batch? _last;

    public FakeTrainer(StateDict state)
    {
        _state = state;
        _weight = state["head.score_layer.4.bias"].Floats[0];
    }

    public long Step { get; set; }

    /// <summary>The losses of the main head by step and batch of the step; null takes them from the batch.</summary>
    public Func<Batch, LossValue>? Loss { get; init; }

    public List<float> Rates { get; } = [];

    public List<Batch> Batches { get; } = [];

    public Action? AfterUpdate { get; init; }

    public void Accumulate(Batch batch, Span<LossValue> losses)
    {
        _last = batch;
        Batches.Add(batch);
        long valid = batch.Labels.LongCount(label => label != 255);
        double value = batch.Images.Take(100).Average() + _weight;
        _gradient += valid == 0 ? 0 : value + Step;
        losses[0] = Loss?.Invoke(batch) ?? new LossValue(valid == 0 ? double.NaN : value, valid);
        for (int i = 1; i < losses.Length; i++)
            losses[i] = losses[0];
    }

    public void ReadPredictions(Span<byte> classes)
    {
        for (int i = 0; i < classes.Length; i++)
            classes[i] = (byte)(_last!.Labels[i] == 255 ? 0 : _last.Labels[i] * (i % 3 == 0 ? 0 : 1));
    }

    public void Update(ReadOnlySpan<float> rates)
    {
        Rates.Add(rates[0]);
        _momentum = 0.9f * _momentum + (float)_gradient;
        _weight -= rates[0] * _momentum;
        _gradient = 0;
        Step++;
        AfterUpdate?.Invoke();
    }

    public StateDict State()
    {
        var copy = new StateDict();
        foreach ((string name, HostTensor tensor) in _state)
            copy[name] = tensor;
        float[] bias = (float[])_state["head.score_layer.4.bias"].Floats.Clone();
        bias[0] = _weight;
        copy["head.score_layer.4.bias"] = new HostTensor(bias, bias.Length);
        return copy;
    }

    public StateDict Momenta() => new() { ["head.score_layer.4.bias"] = new HostTensor([_momentum], 1) };

    public void Restore(StateDict state, StateDict momenta)
    {
        _weight = state["head.score_layer.4.bias"].Floats[0];
        _momentum = momenta["head.score_layer.4.bias"].Floats[0];
    }

    public void Dispose()
    {
    }
}
