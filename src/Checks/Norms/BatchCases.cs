using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The batches on which batch norm in training is checked.</summary>
internal static class BatchCases
{
    /// <summary>The cases that <paramref name="make"/> makes for a batch.</summary>
    public static IEnumerable<OperatorCase> Of(Func<CaseSize, Shape, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, new Shape(2, 3, 5, 7)),
        make(CaseSize.Tiny, new Shape(2, 3, 4, 8)),
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
        // SPNet-50 in training on two 225x225 images.
        make(CaseSize.Large, new Shape(2, 128, 113, 113)),
        make(CaseSize.Large, new Shape(2, 1024, 29, 29)),
    ];

    /// <summary>Variances; if they are to be narrow, at most eps.</summary>
    public static Func<double> Variances(Draw draw) =>
        draw.Case.Content == Content.Narrow ? draw.Between(1e-7f, 1e-5f) : draw.Between(0.1f, 4f);
}
