using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// Where the parameters of a network lie in one block of device memory: one learning-rate group after the other, each
/// parameter padded to 256 bytes, so that an optimiser step is one operator a group; behind them the running statistics.
/// Any block of <see cref="Length"/> elements can hold the values of a network; gradients and momenta need only the part
/// that is trained.
/// </summary>
internal sealed class ParameterLayout
{
    /// <summary>256 bytes.</summary>
    private const int Alignment = 64;

    private readonly Dictionary<string, Slot> _slots = [];

    /// <param name="expected">Parameters and buffers of a graph.</param>
    /// <param name="groupOf">The learning-rate group of a parameter by its name.</param>
    /// <param name="groups">The number of groups.</param>
    /// <exception cref="ConfigurationException">A parameter is in a group that there is not.</exception>
    /// <exception cref="ShapeException">There are too many parameters for one block.</exception>
    public ParameterLayout(IReadOnlyList<ParameterInfo> expected, Func<string, int> groupOf, int groups)
    {
        var lengths = new int[groups];
        ParameterInfo[] trained = [.. expected.Where(parameter => parameter.IsTrained)];
        for (int group = 0; group < groups; group++)
        {
            int start = Length;
            foreach (ParameterInfo parameter in trained.Where(parameter => groupOf(parameter.Name) == group))
                Place(parameter);
            lengths[group] = Length - start;
        }
        foreach (ParameterInfo parameter in trained)
        {
            if (!_slots.ContainsKey(parameter.Name))
            {
                throw new ConfigurationException(
                    $"'{parameter.Name}' is in group {groupOf(parameter.Name)}; there are groups 0 to {groups - 1}");
            }
        }
        (GroupLengths, TrainedLength) = (lengths, Length);
        foreach (ParameterInfo parameter in expected.Where(parameter => !parameter.IsInteger && !parameter.IsTrained))
            Place(parameter);
    }

    /// <summary>Elements of each group, padding included.</summary>
    public IReadOnlyList<int> GroupLengths { get; }

    /// <summary>Elements of all groups together.</summary>
    public int TrainedLength { get; }

    /// <summary>Elements of parameters and running statistics.</summary>
    public int Length { get; private set; }

    /// <summary>Whether there is a parameter of that name, which has a gradient; else it is a running statistic.</summary>
    public bool IsTrained(string name) => _slots.TryGetValue(name, out Slot slot) && slot.Offset < TrainedLength;

    /// <summary>A parameter in a block, or a running statistic.</summary>
    public Tensor Tensor(string name, DeviceMemory block)
    {
        Slot slot = _slots[name];
        return new Tensor(block, slot.Offset, (int)slot.Shape.ImageLength, slot.Shape);
    }

    /// <summary>All parameters of a group in a block.</summary>
    public Tensor Group(int group, DeviceMemory block) =>
        new(block, GroupLengths.Take(group).Sum(), GroupLengths[group], new Shape(1, 1, 1, GroupLengths[group]));

    private void Place(ParameterInfo parameter)
    {
        Shape shape = parameter.Shape is [int o, int c, int h, int w] ? new Shape(o, c, h, w)
            : parameter.Groups > 0 ? new Shape(parameter.Shape[0], 1, 1, 1)
            : new Shape(1, parameter.Shape[0], 1, 1);
        _slots[parameter.Name] = new Slot(Length, shape);
        long end = Length + (shape.Count + Alignment - 1) / Alignment * Alignment;
        Length = end <= int.MaxValue ? (int)end : throw new ShapeException("the network has more than 2^31 parameters");
    }

    private readonly record struct Slot(int Offset, Shape Shape);
}
