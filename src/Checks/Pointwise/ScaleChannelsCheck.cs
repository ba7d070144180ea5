using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Every channel of every image times a factor of its own.</summary>
internal sealed class ScaleChannelsCheck : Check<ScaleChannels>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Scale(CaseSize.Tiny, new Shape(2, 3, 5, 7)),
        Scale(CaseSize.Tiny, new Shape(2, 3, 4, 8)),
        .. Planes.Select(plane => Scale(CaseSize.Small, Shape(2, 5, plane))),
        Scale(CaseSize.Small, new Shape(3, 65, 8, 8)),
        .. Placed(Scale(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(Scale(CaseSize.Small, new Shape(2, 5, 7, 13))),
        Scale(CaseSize.Large, new Shape(2, 512, 29, 29)),
    ];

    protected override Element[] Reference(ScaleChannels scale, CaseData data) =>
        [(n, c, i, j) => (Estimate)data.Inputs[0][n, c, i, j] * data.Inputs[1][n, c, 0, 0]];

    private static OperatorCase Scale(CaseSize size, Shape x) => new(new ScaleChannels(), [x, x with { H = 1, W = 1 }], size);
}
