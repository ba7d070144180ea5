using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// The parameters and running statistics of a network in one block of device memory, gradients and each moment of the
/// optimiser in more of the same layout, and an average of the first.
/// </summary>
internal sealed class ParameterMemory : IDisposable
{
    private readonly DeviceMemory[] _blocks;

    /// <exception cref="ConfigurationException">A parameter is in a group that there is not.</exception>
    /// <exception cref="DeviceException">The device has too little memory.</exception>
    public ParameterMemory(Device device, IReadOnlyList<ParameterInfo> expected, TrainingOptions options)
    {
        Layout = new ParameterLayout(expected, options.GroupOf, options.Groups);
        _blocks = new DeviceMemory[2 + options.Moments.Count];
        try
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                _blocks[i] = device.Allocate(Math.Max(i == 0 ? Layout.Length : Layout.TrainedLength, 1));
                _blocks[i].Clear();
            }
            if (options.AverageDecay > 0)
            {
                Average = device.Allocate(Math.Max(Layout.Length, 1));
                Average.Clear();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where each parameter lies in a block.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Parameters and running statistics.</summary>
    public DeviceMemory Values => _blocks[0];

    /// <summary>The average of parameters and running statistics; null where none is kept.</summary>
    public DeviceMemory? Average { get; }

    /// <summary>The gradients of the parameters.</summary>
    public DeviceMemory Gradients => _blocks[1];

    /// <summary>The moments of the parameters, in the order of <see cref="TrainingOptions.Moments"/>.</summary>
    public ReadOnlySpan<DeviceMemory> Moments => _blocks.AsSpan(2);

    /// <summary>Parameters, gradients and moments of a group, as the optimiser's operator takes them.</summary>
    public Tensor[] Group(int group) => [.. _blocks.Select(block => Layout.Group(group, block))];

    public void Dispose()
    {
        foreach (DeviceMemory? block in _blocks)
            block?.Dispose();
        Average?.Dispose();
    }
}
