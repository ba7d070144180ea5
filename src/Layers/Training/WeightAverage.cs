using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// Carries the exponential moving average of parameters and running statistics on. In the first steps it forgets faster,
/// <c>min(decay, (1 + t) / (10 + t))</c>, so that what the network started from does not linger.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly Operation _operation;
    private readonly Tensor[] _inputs;
    private readonly Tensor[] _average;

    /// <exception cref="DeviceException">The device has too little memory.</exception>
    public WeightAverage(Device device, ParameterMemory memory, double decay)
    {
        _decay = decay;
        var all = new Shape(1, 1, 1, memory.Layout.Length);
        var share = new Shape(1, 1, 1, 1);
        _operation = device.Operators.Prepare(new MovingAverage(), [share, all]);
        _average = [new Tensor(memory.Average!, 0, all.W, all)];
        _inputs = [Tensor.Allocate(device, share), new Tensor(memory.Values, 0, all.W, all)];
    }

    /// <summary>Takes the values of a step into the average.</summary>
    /// <param name="step">The steps so far and this one.</param>
    public void Take(long step)
    {
        _inputs[0].Upload<float>([(float)(1 - Math.Min(_decay, (1.0 + step) / (10 + step)))]);
        _operation.Run(_inputs, _average);
    }

    public void Dispose() => _inputs[0].Memory.Dispose();
}
