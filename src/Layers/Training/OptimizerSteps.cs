using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>The steps of an optimiser: one operator a learning-rate group.</summary>
internal sealed class OptimizerSteps : IDisposable
{
    private readonly AdamStep?[] _adam;
    private readonly Operation?[] _steps;
    private readonly Tensor[][] _groups;
    private readonly Tensor[] _rates;
    private readonly DeviceMemory _rateMemory;

    /// <exception cref="DeviceException">The device has too little memory.</exception>
    public OptimizerSteps(Device device, ParameterMemory memory, TrainingOptions options)
    {
        IReadOnlyList<int> lengths = memory.Layout.GroupLengths;
        _adam = [.. lengths.Select(length => options.Adam is { } adam && length > 0
            ? new AdamStep(length, adam.Beta1, adam.Beta2, adam.Epsilon, options.WeightDecay)
            : null)];
        var rate = new Shape(1, 1, 1, options.Adam is null ? 1 : 2);
        _groups = [.. Enumerable.Range(0, lengths.Count).Select(memory.Group)];
        _steps = [.. lengths.Select((length, group) => length == 0 ? null
            : device.Operators.Prepare(
                _adam[group] ?? (Specification)new SgdStep(length, options.Momentum, options.WeightDecay), [rate]))];
        _rateMemory = device.Allocate(lengths.Count * rate.W);
        _rates = [.. Enumerable.Range(0, lengths.Count).Select(group => new Tensor(_rateMemory, group * rate.W, rate.W, rate))];
    }

    /// <summary>Changes the parameters by the gradients, which are zero afterwards.</summary>
    /// <param name="rates">The learning rate of each group.</param>
    /// <param name="step">The steps so far and this one.</param>
    public void Take(ReadOnlySpan<float> rates, long step)
    {
        for (int group = 0; group < _steps.Length; group++)
        {
            if (_steps[group] is not { } operation)
                continue;
            if (_adam[group] is { } adam)
            {
                (float size, float root) = adam.Corrections(rates[group], step);
                _rates[group].Upload<float>([size, root]);
            }
            else
            {
                _rates[group].Upload(rates.Slice(group, 1));
            }
            operation.Run(_rates.AsSpan(group, 1), _groups[group]);
        }
    }

    public void Dispose() => _rateMemory.Dispose();
}
