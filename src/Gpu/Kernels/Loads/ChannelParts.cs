namespace SpGpu.Gpu.Kernels;

/// <summary>
/// How the N * H * W values of a channel are shared out for sums: a group takes a part, its threads take every 64th or
/// 256th item of it, an item being one value or four neighbours. A second kernel, a group a channel and a thread a part,
/// adds up. The parts depend on the shape alone, and so does the order of the sum.
/// </summary>
internal readonly struct ChannelParts
{
    /// <summary>The most parts of a channel: as many as the second kernel has threads.</summary>
    public const int Most = KernelDevice.FewestThreads;

    /// <summary>Items that a thread takes at most, as long as there are fewer parts than possible: so many fit its registers.</summary>
    public const int ItemsOfThread = 2 * ChannelItems.Count;

    private readonly int _items, _length, _width;
    private readonly Divisor _plane;

    /// <summary>The number of parts, none of them empty.</summary>
    public readonly int Count;

    /// <param name="shape">The tensor.</param>
    /// <param name="vector">Whether an item is four neighbours.</param>
    /// <param name="groupSize">Threads of a group.</param>
    public ChannelParts(Shape shape, bool vector, int groupSize)
    {
        _width = vector ? 4 : 1;
        _plane = new(shape.Plane / _width);
        _items = shape.N * _plane.Value;
        int parts = Math.Min(KernelOperation.Groups(_items, ItemsOfThread * groupSize), Most);
        _length = KernelOperation.Groups(_items, parts);
        Count = KernelOperation.Groups(_items, _length);
    }

    /// <summary>The first item of a part.</summary>
    public int Begin(int part) => part * _length;

    /// <summary>The item after the last one of a part.</summary>
    public int End(int part) => KernelMath.Min((part + 1) * _length, _items);

    /// <summary>The number of values in a part.</summary>
    public float Values(int part) => (End(part) - Begin(part)) * _width;

    /// <summary>The number of values of a channel.</summary>
    public float AllValues => (float)_items * _width;

    /// <summary>Where an item of a channel lies.</summary>
    public int At(Place place, int channel, int item)
    {
        int n = _plane.Quotient(item);
        return place.Image(n) + _width * (channel * _plane.Value + item - n * _plane.Value);
    }
}
