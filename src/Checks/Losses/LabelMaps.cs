using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The label maps on which losses are checked.</summary>
internal static class LabelMaps
{
    /// <summary>Logits' planes and maps: up, far up, equal, down, flat, tall, from one, to one.</summary>
    public static IReadOnlyList<(Size2D Logits, Size2D Map)> Sizes { get; } =
    [
        ((9, 13), (33, 65)), ((8, 8), (64, 64)), ((7, 9), (7, 9)), ((8, 16), (8, 16)), ((17, 33), (9, 16)),
        ((1, 17), (1, 64)), ((17, 1), (65, 1)), ((1, 1), (7, 9)), ((5, 6), (1, 1)), ((29, 29), (113, 113)),
    ];

    /// <summary>The shape of a map for logits of shape <paramref name="x"/>.</summary>
    public static Shape Of(Shape x, Size2D map) => Shape(x.N, 1, map);

    /// <summary>Labels, about one in eight of them ignored, unless all are to be or they are to be of any value.</summary>
    public static Func<double> Labels(Draw draw, byte ignored) => () => draw.Case.Content switch
    {
        Content.Ignored => ignored,
        Content.Strays => draw.Below(256),
        _ => draw.Below(8) == 0 ? ignored : draw.Below(draw.Case.Inputs[0].C),
    };
}
