using SpGpu.Data.Datasets;
using SpGpu.Layers;

namespace SpGpu.Training.Tests;

/// <summary>
/// Stands in for a network: one number that every batch, rate and step changes, so that a run that left one out, took
/// one twice or forgot a momentum ends elsewhere.
/// </summary>
internal sealed class FakeTrainer : ITrainer
{
    /// <summary>The tensor that holds the number.</summary>
    public const string Trained = "head.score_layer.4.bias";

    private readonly StateDict _state;
    private readonly StateDict _momenta = new();
    private double _gradient;
    private float _momentum;
    private float _weight;
    private Batch? _last;

    public FakeTrainer(StateDict state)
    {
        _state = state;
        _weight = state[Trained].Floats[0];
        foreach ((string name, HostTensor tensor) in state)
        {
            if (tensor.Data is float[] && !name.Contains(".running_", StringComparison.Ordinal))
                _momenta[name] = new HostTensor(new float[tensor.Count], tensor.Shape);
        }
    }

    public long Step { get; set; }

    /// <summary>The losses of the main head by step and batch of the step; null takes them from the batch.</summary>
    public Func<Batch, LossValue>? Loss { get; init; }

    public List<float> Rates { get; } = [];

    public List<Batch> Batches { get; } = [];

    public Action? AfterUpdate { get; init; }

    /// <summary>Tensors in place of those of the state.</summary>
    public StateDict Spoilt { get; } = new();

    /// <summary>Tensors in place of the momenta.</summary>
    public StateDict SpoiltMomenta { get; } = new();

    public void Accumulate(Batch batch, Span<LossValue> losses)
    {
        _last = batch;
        Batches.Add(batch);
        losses[0] = LossOf(batch);
        _gradient += Valid(batch) == 0 ? 0 : Mean(batch) + Step;
        for (int i = 1; i < losses.Length; i++)
            losses[i] = losses[0];
    }

    public void ReadPredictions(Span<byte> classes) => Predict(_last!, classes);

    public LossValue Evaluate(Batch batch, Span<byte> classes)
    {
        Predict(batch, classes);
        return LossOf(batch);
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

    public void ShareStatistics()
    {
    }

    public StateDict State() => Copy(_state, Bias(_weight), Spoilt);

    public StateDict? Average() => null;

    public StateDict Momenta() => Copy(_momenta, Bias(_momentum), SpoiltMomenta);

    public void Restore(StateDict state, StateDict momenta, StateDict? average)
    {
        _weight = state[Trained].Floats[0];
        _momentum = momenta[Trained].Floats[0];
    }

    public void Dispose()
    {
    }

    private LossValue LossOf(Batch batch) =>
        Loss?.Invoke(batch) ?? new LossValue(Valid(batch) == 0 ? double.NaN : Mean(batch), Valid(batch));

    private static long Valid(Batch batch) => batch.Labels.LongCount(label => label != 255);

    private double Mean(Batch batch) => batch.Images.Take(100).Average() + _weight;

    private static void Predict(Batch batch, Span<byte> classes)
    {
        for (int i = 0; i < classes.Length; i++)
            classes[i] = (byte)(batch.Labels[i] == 255 ? 0 : batch.Labels[i] * (i % 3 == 0 ? 0 : 1));
    }

    private static StateDict Copy(StateDict tensors, HostTensor trained, StateDict others)
    {
        var copy = new StateDict();
        foreach ((string name, HostTensor tensor) in tensors)
            copy[name] = others.TryGet(name, out HostTensor? other) ? other : name == Trained ? trained : tensor;
        return copy;
    }

    private HostTensor Bias(float first)
    {
        float[] bias = (float[])_state[Trained].Floats.Clone();
        bias[0] = first;
        return new HostTensor(bias, bias.Length);
    }
}
