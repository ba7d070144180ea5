using ILGPU;

namespace SpGpu.Gpu.Kernels;

/// <summary>
/// Four items of a part of a channel (<see cref="ChannelParts"/>), as far apart as the group is wide: a thread asks for all
/// of them before it needs the first. Behind the end of the part there are zeros.
/// </summary>
internal readonly struct ChannelItems
{
    public const int Count = 4;

    private readonly Float4 _a, _b, _c, _d;

    private ChannelItems(Float4 a, Float4 b, Float4 c, Float4 d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>The items from <paramref name="i"/> on.</summary>
    public static ChannelItems Load<TItem>(ArrayView<float> x, Place place, in ChannelParts parts, int channel, int i, int end)
        where TItem : struct, IItem
    {
        int step = Group.DimX;
        return new(
            TItem.Load(x, parts.At(place, channel, i), i < end),
            TItem.Load(x, parts.At(place, channel, i + step), i + step < end),
            TItem.Load(x, parts.At(place, channel, i + 2 * step), i + 2 * step < end),
            TItem.Load(x, parts.At(place, channel, i + 3 * step), i + 3 * step < end));
    }

    /// <summary>Their sum.</summary>
    public Float4 Sum() => _a + _b + (_c + _d);

    /// <summary>The sum of their products with the deviations of other items from a number.</summary>
    public Float4 Products(ChannelItems others, Float4 centre) =>
        _a * (others._a - centre) + _b * (others._b - centre) + (_c * (others._c - centre) + _d * (others._d - centre));

    /// <summary>The sum of the squares of the deviations from a number of those before the end.</summary>
    public Float4 Squares(Float4 centre, int i, int end)
    {
        int step = Group.DimX;
        return Square(_a - centre, i < end) + Square(_b - centre, i + step < end)
            + (Square(_c - centre, i + 2 * step < end) + Square(_d - centre, i + 3 * step < end));
    }

    private static Float4 Square(Float4 deviation, bool counts) => counts ? deviation * deviation : default;
}
