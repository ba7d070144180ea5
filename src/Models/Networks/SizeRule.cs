using System.Globalization;
using SpGpu.Gpu;

namespace SpGpu.Models;

/// <summary>The heights and widths that a network is made for: a multiple of a number, and a rest.</summary>
/// <param name="Multiple">The number, at least 1.</param>
/// <param name="Rest">The rest, 0 or more.</param>
public sealed record SizeRule(int Multiple, int Rest)
{
    /// <summary>Any size.</summary>
    public static SizeRule Any { get; } = new(1, 0);

    /// <summary>Whether height and width are of the rule.</summary>
    public bool Fits(Size2D size) => AtLeast(size) == size;

    /// <summary>The smallest size of the rule that is no smaller: what pictures are enlarged, or windows padded, to.</summary>
    public Size2D AtLeast(Size2D size) => new(AtLeast(size.Height), AtLeast(size.Width));

    /// <summary>The rule as it is written: <c>8n + 1</c>, <c>8n</c>, <c>any</c>.</summary>
    public override string ToString() => this == Any ? "any" : Rest == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Multiple}n")
        : string.Create(CultureInfo.InvariantCulture, $"{Multiple}n + {Rest}");

    private int AtLeast(int extent) => Math.Max(1, (extent - Rest + Multiple - 1) / Multiple) * Multiple + Rest;
}
