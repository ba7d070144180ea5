using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// The parameters of a network in one block of device memory, their gradients in a second and their momenta in a third
/// of the same layout: one learning-rate group after the other, each parameter padded to 256 bytes, so that an optimiser
/// step is one operator a group. Running statistics have a block of their own.
/// </summary>
internal sealed class ParameterMemory : IDisposable
{
    /// <summary>256 bytes.</summary>
    private const int Alignment = 64;

    private readonly Dictionary<string, Slot> _parameters = [];
    private readonly Dictionary<string, Slot> _statistics = [];
    private readonly DeviceMemory[] _blocks;

    public ParameterMemory(Device device, IReadOnlyList<ParameterInfo> expected, Func<string, int> groupOf, int groups)
    {
        var lengths = new int[groups];
        ParameterInfo[] trained = [.. expected.Where(parameter => parameter.IsTrained)];
        int next = 0;
        for (int group = 0; group < groups; group++)
        {
            int start = next;
            foreach (ParameterInfo parameter in trained.Where(parameter => groupOf(parameter.Name) == group))
                next = Place(_parameters, parameter, next);
            lengths[group] = next - start;
        }
        foreach (ParameterInfo parameter in trained)
        {
            if (!_parameters.ContainsKey(parameter.Name))
                throw new ConfigurationException($"'{parameter.Name}' is in group {groupOf(parameter.Name)}; there are groups 0 to {groups - 1}");
        }
        int statistics = 0;
        foreach (ParameterInfo parameter in expected.Where(parameter => !parameter.IsInteger && !parameter.IsTrained))
            statistics = Place(_statistics, parameter, statistics);
        GroupLengths = lengths;
        _blocks = new DeviceMemory[4];
        try
        {
            for (int i = 0; i < _blocks.Length; i++)
            {
                _blocks[i] = device.Allocate(Math.Max(i == 3 ? statistics : next, 1));
                _blocks[i].Clear();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Elements of each group, padding included.</summary>
    public IReadOnlyList<int> GroupLengths { get; }

    /// <summary>Whether there is a parameter of that name, which has a gradient; else it is a running statistic.</summary>
    public bool IsTrained(string name) => _parameters.ContainsKey(name);

    private DeviceMemory Parameters => _blocks[0];

    private DeviceMemory Gradients => _blocks[1];

    private DeviceMemory Momenta => _blocks[2];

    private DeviceMemory Statistics => _blocks[3];

    /// <summary>A parameter, or a running statistic.</summary>
    public Tensor Tensor(string name) => _parameters.TryGetValue(name, out Slot slot) ? slot.In(Parameters) : _statistics[name].In(Statistics);

    /// <summary>The gradient of a parameter.</summary>
    public Tensor Gradient(string name) => _parameters[name].In(Gradients);

    /// <summary>The momentum of a parameter.</summary>
    public Tensor Momentum(string name) => _parameters[name].In(Momenta);

    /// <summary>Parameters, gradients and momenta of a group, as <see cref="SgdStep"/> takes them.</summary>
    public Tensor[] Group(int group)
    {
        var slot = new Slot(GroupLengths.Take(group).Sum(), new Shape(1, 1, 1, GroupLengths[group]));
        return [slot.In(Parameters), slot.In(Gradients), slot.In(Momenta)];
    }

    /// <summary>Sets all gradients to zero.</summary>
    public void ClearGradients() => Gradients.Clear();

    public void Dispose()
    {
        foreach (DeviceMemory? block in _blocks)
            block?.Dispose();
    }

    private static int Place(Dictionary<string, Slot> slots, ParameterInfo parameter, int offset)
    {
        Shape shape = parameter.Shape is [int o, int c, int h, int w] ? new Shape(o, c, h, w) : new Shape(1, parameter.Shape[0], 1, 1);
        slots[parameter.Name] = new Slot(offset, shape);
        long end = offset + (shape.Count + Alignment - 1) / Alignment * Alignment;
        return end <= int.MaxValue ? (int)end : throw new ShapeException("the network has more than 2^31 parameters");
    }

    private readonly record struct Slot(int Offset, Shape Shape)
    {
        public Tensor In(DeviceMemory memory) => new(memory, Offset, (int)Shape.ImageLength, Shape);
    }
}
