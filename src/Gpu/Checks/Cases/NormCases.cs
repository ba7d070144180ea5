using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Batch norm in training: statistics, forward, gradients.</summary>
internal static class NormCases
{
    private static readonly Func<CaseSize, Shape, OperatorCase>[] _operators =
        [Statistics, Transform, (size, x) => Gradient(size, x, frozen: false), (size, x) => Gradient(size, x, frozen: true)];

    private static readonly int[] _channels = [1, 64, 65, 300];

    public static IEnumerable<OperatorCase> All => [.. _operators.SelectMany(Of), .. Running];

    /// <summary>The statistics of a batch of shape <paramref name="x"/>.</summary>
    public static OperatorCase Statistics(CaseSize size, Shape x) => new(new BatchStatistics(), [x], size);

    /// <summary>The forward operator.</summary>
    public static OperatorCase Transform(CaseSize size, Shape x) =>
        new(new BatchNormTransform(), [x, .. Enumerable.Repeat(new Shape(1, x.C, 1, 1), 4)], size);

    /// <summary>The gradients.</summary>
    public static OperatorCase Gradient(CaseSize size, Shape x, bool frozen) =>
        new(new BatchNormGradient(frozen), [x, x, .. Enumerable.Repeat(new Shape(1, x.C, 1, 1), 3)], size);

    private static IEnumerable<OperatorCase> Of(Func<CaseSize, Shape, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, new Shape(2, 3, 5, 7)),
        make(CaseSize.Tiny, new Shape(3, 2, 1, 1)),
        .. Planes.Select(plane => make(CaseSize.Small, Shape(2, 3, plane))),
        make(CaseSize.Small, new Shape(1, 3, 5, 6)),
        make(CaseSize.Small, new Shape(3, 65, 8, 8)),
        make(CaseSize.Small, new Shape(16, 129, 1, 2)),
        make(CaseSize.Small, new Shape(2, 2, 113, 113)),
        make(CaseSize.Tiny, new Shape(2, 2, 4, 5)) with { Content = Content.Narrow },
        make(CaseSize.Small, new Shape(2, 3, 57, 57)) with { Content = Content.Narrow },
        .. Placed(make(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(make(CaseSize.Small, new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Running =>
    [
        Carry(CaseSize.Tiny, channels: 3, count: 2),
        .. from channels in _channels
           select Carry(CaseSize.Small, channels, count: 2 * 29 * 29),
        .. Placed(Carry(CaseSize.Small, channels: 12, count: 7)),
        Carry(CaseSize.Large, channels: 2048, count: 2 * 29 * 29),
    ];

    private static OperatorCase Carry(CaseSize size, int channels, int count) =>
        new(new RunningStatistics(count), [new Shape(1, channels, 1, 1), new Shape(1, channels, 1, 1)], size);
}
