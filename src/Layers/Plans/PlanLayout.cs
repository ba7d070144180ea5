using SpGpu.Gpu;

namespace SpGpu.Layers.Plans;

/// <summary>
/// Where the values of a plan lie: which share an allocation (a value that is joined with others is written into its
/// slice of the result), how long each is alive, and at which offset.
/// </summary>
internal sealed class PlanLayout
{
    private readonly Dictionary<Value, Place> _places = [];
    private readonly List<Allocation> _allocations = [];
    private readonly Predicate<Value> _isElsewhere;

    /// <param name="inputs">Values that are written from outside.</param>
    /// <param name="nodes">The operators in order.</param>
    /// <param name="outputs">Values that are read from outside.</param>
    /// <param name="shapes">The shape of every value.</param>
    /// <param name="isElsewhere">Whether a value lies in memory that is not the plan's.</param>
    /// <param name="sideBySide">
    /// Whether an operator may still run while those after it do, until one needs its results: what it touches then is not
    /// used again before.
    /// </param>
    public PlanLayout(
        IReadOnlyList<Value> inputs, IReadOnlyList<Node> nodes, IReadOnlyList<Value> outputs,
        Func<Value, Shape> shapes, Predicate<Value> isElsewhere, bool sideBySide = false)
    {
        _isElsewhere = isElsewhere;
        foreach (Value input in inputs)
            Own(input, shapes(input), firstStep: 0);
        // Concats in reverse: a joined value may itself be a slice of a later one.
        var producedAt = new Dictionary<Value, int>();
        for (int step = 0; step < nodes.Count; step++)
        {
            foreach (Value output in nodes[step].Outputs)
                producedAt[output] = step;
        }
        for (int step = nodes.Count - 1; step >= 0; step--)
        {
            foreach (Value output in nodes[step].Outputs)
            {
                if (!_places.ContainsKey(output) && !isElsewhere(output))
                    Own(output, shapes(output), step);
            }
            if (nodes[step].Specification is Concat)
                PlaceSlices(nodes[step], producedAt, shapes);
        }
        int[] until = [.. Enumerable.Range(0, nodes.Count)];
        if (sideBySide)
            SetUntil(until, nodes, producedAt);
        for (int step = 0; step < nodes.Count; step++)
        {
            foreach (Value value in nodes[step].Inputs.Concat(nodes[step].Outputs).Where(value => !isElsewhere(value)))
            {
                Extend(_places[value].Allocation, step);
                Extend(_places[value].Allocation, until[step]);
            }
        }
        // Results and inputs are read and written from outside, between runs.
        foreach (Value value in outputs)
            Extend(_places[value].Allocation, nodes.Count);
        Length = MemoryPlanner.Place(_allocations);
    }

    /// <summary>Elements of the arena.</summary>
    public int Length { get; }

    /// <summary>The tensor of a value.</summary>
    public Tensor Tensor(Value value, Shape shape, DeviceMemory arena)
    {
        Place place = _places[value];
        int start = checked(place.Allocation.Offset * (value.Type == DataType.UInt8 ? sizeof(float) : 1));
        return new Tensor(arena, start + place.Offset, place.BatchStride, shape, value.Type);
    }

    /// <summary>Whether all inputs of a concat lie in their slices already, so that nothing is left to do.</summary>
    public bool IsJoined(Node concat, Func<Value, Shape> shapes)
    {
        Place whole = _places[concat.Outputs[0]];
        int offset = whole.Offset;
        foreach (Value input in concat.Inputs)
        {
            if (_places.GetValueOrDefault(input) != new Place(whole.Allocation, offset, whole.BatchStride))
                return false;
            offset += (int)shapes(input).ImageLength;
        }
        return true;
    }

    private void Own(Value value, Shape shape, int firstStep)
    {
        var allocation = new Allocation(Gpu.Tensor.Words(shape, value.Type), firstStep, value.Type == DataType.UInt8);
        _allocations.Add(allocation);
        _places[value] = new Place(allocation, 0, (int)shape.ImageLength);
    }

    /// <summary>
    /// Places the inputs of a concat in its result, all or none: a concat with some in place and some not would read
    /// and write the same tensor.
    /// </summary>
    private void PlaceSlices(Node concat, Dictionary<Value, int> producedAt, Func<Value, Shape> shapes)
    {
        bool canPlace = concat.Inputs.Distinct().Count() == concat.Inputs.Length
            && concat.Inputs.All(input => producedAt.ContainsKey(input) && !_places.ContainsKey(input) && !_isElsewhere(input));
        if (!canPlace)
            return;
        Place whole = _places[concat.Outputs[0]];
        int offset = whole.Offset;
        foreach (Value input in concat.Inputs)
        {
            _places[input] = new Place(whole.Allocation, offset, whole.BatchStride);
            offset += (int)shapes(input).ImageLength;
        }
    }

    /// <summary>Sets for each operator the last step before the first that needs a result of it.</summary>
    private static void SetUntil(int[] until, IReadOnlyList<Node> nodes, Dictionary<Value, int> producedAt)
    {
        for (int step = nodes.Count - 1; step >= 0; step--)
        {
            foreach (Value input in nodes[step].Inputs)
            {
                if (producedAt.TryGetValue(input, out int producer))
                    until[producer] = step - 1;
            }
        }
    }

    private static void Extend(Allocation allocation, int step)
    {
        allocation.FirstStep = Math.Min(allocation.FirstStep, step);
        allocation.LastStep = Math.Max(allocation.LastStep, step);
    }

    private sealed record Place(Allocation Allocation, int Offset, int BatchStride);
}
