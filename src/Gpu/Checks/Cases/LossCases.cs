using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Cross entropy, its gradient and the mining of hard examples.</summary>
internal static class LossCases
{
    private static readonly CrossEntropy _plain = new();
    private static readonly CrossEntropy _weighted = new(Weighted: true);
    private static readonly Func<CaseSize, CrossEntropy, Shape, Size2D, OperatorCase>[] _operators = [Loss, Gradient];

    /// <summary>Logits' planes and maps: up, far up, equal, down, flat, tall, from one, to one.</summary>
    private static readonly (Size2D Logits, Size2D Map)[] _sizes =
    [
        ((9, 13), (33, 65)), ((8, 8), (64, 64)), ((7, 9), (7, 9)), ((8, 16), (8, 16)), ((17, 33), (9, 16)),
        ((1, 17), (1, 64)), ((17, 1), (65, 1)), ((1, 1), (7, 9)), ((5, 6), (1, 1)), ((29, 29), (113, 113)),
    ];

    private static readonly int[] _classes = [1, 2, 19, 65, 150, 256];

    public static IEnumerable<OperatorCase> All => [.. _operators.SelectMany(Of), .. Mining];

    /// <summary>The loss.</summary>
    public static OperatorCase Loss(CaseSize size, CrossEntropy loss, Shape x, Size2D map) =>
        new(loss, loss.Weighted ? [x, Map(x, map), Classes(x)] : [x, Map(x, map)], size);

    /// <summary>Its gradient, as an auxiliary head takes it.</summary>
    public static OperatorCase Gradient(CaseSize size, CrossEntropy loss, Shape x, Size2D map) => Gradient(size, loss, x, map, factor: 0.4f);

    /// <summary>The pixels that are not easy.</summary>
    public static OperatorCase Hard(CaseSize size, HardExamples hard, Shape x, Size2D map) => new(hard, [x, Map(x, map), Map(x, map)], size);

    private static IEnumerable<OperatorCase> Of(Func<CaseSize, CrossEntropy, Shape, Size2D, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, _plain, new Shape(2, 3, 3, 4), (5, 7)),
        make(CaseSize.Tiny, _weighted, new Shape(2, 3, 3, 4), (5, 7)),
        make(CaseSize.Tiny, _plain, new Shape(2, 4, 4, 5), (4, 5)),
        .. from loss in new[] { _plain, _weighted, new CrossEntropy(Ignored: 0), new CrossEntropy(Ignored: 2, Weighted: true) }
           from sizes in _sizes
           select make(CaseSize.Small, loss, Shape(2, 5, sizes.Logits), sizes.Map),
        .. from loss in new[] { _plain, _weighted }
           from classes in _classes
           select make(CaseSize.Small, loss, new Shape(1, classes, 3, 5), (17, 23)),
        .. from loss in new[] { _plain, _weighted }
           from content in new[] { Content.Wide, Content.Ignored, Content.Strays }
           from @case in new[]
           {
               make(CaseSize.Tiny, loss, new Shape(1, 4, 3, 4), (5, 8)),
               make(CaseSize.Small, loss, new Shape(2, 19, 5, 9), (17, 33)),
               make(CaseSize.Small, loss, new Shape(2, 19, 7, 9), (7, 9)),
           }
           select @case with { Content = content },
        make(CaseSize.Tiny, _weighted, new Shape(1, 4, 3, 4), (5, 8)) with { Content = Content.Weightless },
        make(CaseSize.Small, _weighted, new Shape(2, 19, 5, 9), (17, 33)) with { Content = Content.Weightless },
        .. from loss in new[] { _plain, _weighted }
           from @case in Placed(make(CaseSize.Small, loss, new Shape(2, 5, 4, 8), (8, 12))).Concat(Placed(make(CaseSize.Small, loss, new Shape(2, 5, 3, 5), (7, 13))))
           select @case,
    ];

    /// <summary>
    /// Probabilities of one class in five are around 0.2, so that thresholds lie among them or are raised to keep enough.
    /// </summary>
    private static IEnumerable<OperatorCase> Mining =>
    [
        .. Thresholds(2 * 5 * 7).Select(hard => Hard(CaseSize.Tiny, hard, new Shape(2, 5, 3, 4), (5, 7))),
        .. from sizes in _sizes
           from hard in Thresholds(2 * sizes.Map.Height * sizes.Map.Width)
           select Hard(CaseSize.Small, hard, Shape(2, 5, sizes.Logits), sizes.Map),
        Hard(CaseSize.Small, new HardExamples(0.01f, 100), new Shape(1, 150, 3, 5), (17, 23)),
        Hard(CaseSize.Small, new HardExamples(0.001f, 200), new Shape(1, 256, 3, 5), (17, 23)),
        Hard(CaseSize.Small, new HardExamples(0.7f, 100, Ignored: 1), new Shape(2, 3, 5, 9), (17, 33)),
        Hard(CaseSize.Small, new HardExamples(0.7f, 300), new Shape(2, 19, 5, 9), (17, 33)) with { Content = Content.Wide },
        Hard(CaseSize.Tiny, new HardExamples(0.7f, 0), new Shape(1, 4, 3, 4), (5, 8)) with { Content = Content.Ignored },
        Hard(CaseSize.Small, new HardExamples(0.7f, 10), new Shape(2, 19, 5, 9), (17, 33)) with { Content = Content.Ignored },
        .. Placed(Hard(CaseSize.Small, new HardExamples(0.2f, 120), new Shape(2, 5, 4, 8), (8, 12))),
        .. Placed(Hard(CaseSize.Small, new HardExamples(0.2f, 10), new Shape(2, 5, 3, 5), (7, 13))),
    ];

    /// <summary>A threshold that decides, one that keeping a part of the pixels raises, one that is never reached, and all kept.</summary>
    private static IEnumerable<HardExamples> Thresholds(int pixels) =>
        [new(0.2f, 0), new(0.2f, Math.Max(pixels / 16, 1)), new(0.05f, pixels / 2 + 1), new(1f, 1), new(0.1f, pixels)];

    private static OperatorCase Gradient(CaseSize size, CrossEntropy loss, Shape x, Size2D map, float factor)
    {
        Shape[] inputs = [x, Map(x, map), new Shape(1, 1, 1, 2), Map(x, map)];
        return new(new CrossEntropyGradient(loss, factor), loss.Weighted ? [.. inputs, Classes(x)] : [.. inputs], size);
    }

    private static Shape Map(Shape x, Size2D map) => Shape(x.N, 1, map);

    private static Shape Classes(Shape x) => new(1, x.C, 1, 1);
}
