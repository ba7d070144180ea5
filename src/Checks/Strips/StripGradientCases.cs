using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The sizes at which the gradients of operators on strips are checked.</summary>
internal static class StripGradientCases
{
    /// <summary>The cases that <paramref name="make"/> makes for planes around limits.</summary>
    public static IEnumerable<OperatorCase> Of(Func<CaseSize, Shape, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, new Shape(2, 2, 5, 7)),
        make(CaseSize.Tiny, new Shape(2, 2, 4, 8)),
        .. Planes.Select(plane => make(CaseSize.Small, Shape(2, 3, plane))),
        .. from plane in new Size2D[] { (60, 60), (97, 131), (1, 1025), (1025, 1) }
           select make(CaseSize.Small, Shape(1, 17, plane)),
        make(CaseSize.Small, new Shape(3, 65, 8, 8)),
        .. Placed(make(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(make(CaseSize.Small, new Shape(2, 5, 7, 13))),
    ];
}
