using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// The parameters and running statistics of a network in one block of device memory, gradients and momenta in two more
/// of the same layout.
/// </summary>
internal sealed class ParameterMemory : IDisposable
{
    private readonly DeviceMemory[] _blocks = new DeviceMemory[3];

    /// <exception cref="ConfigurationException">A parameter is in a group that there is not.</exception>
    /// <exception cref="DeviceException">The device has too little memory.</exception>
    public ParameterMemory(Device device, IReadOnlyList<ParameterInfo> expected, Func<string, int> groupOf, int groups)
    {
        Layout = new ParameterLayout(expected, groupOf, groups);
        try
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                _blocks[i] = device.Allocate(Math.Max(i == 0 ? Layout.Length : Layout.TrainedLength, 1));
                _blocks[i].Clear();
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

    /// <summary>The gradients of the parameters.</summary>
    public DeviceMemory Gradients => _blocks[1];

    /// <summary>The momenta of the parameters.</summary>
    public DeviceMemory Momenta => _blocks[2];

    /// <summary>Parameters, gradients and momenta of a group, as <see cref="SgdStep"/> takes them.</summary>
    public Tensor[] Group(int group) => [.. _blocks.Select(block => Layout.Group(group, block))];

    public void Dispose()
    {
        foreach (DeviceMemory? block in _blocks)
            block?.Dispose();
    }
}
