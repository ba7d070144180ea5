using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Tensors joined along C.</summary>
internal sealed class ConcatCheck : Check<Concat>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Join(CaseSize.Tiny, 2, (5, 7), 2, 3),
        .. Planes.Select(plane => Join(CaseSize.Small, 2, plane, 3, 5)),
        Join(CaseSize.Small, 1, (7, 9), 4),
        Join(CaseSize.Small, 3, (7, 9), 1, 64, 2),
        Join(CaseSize.Small, 2, (6, 6), 16, 4, 4, 4, 4),
        .. Placed(Join(CaseSize.Small, 2, (8, 12), 3, 2)),
        .. Placed(Join(CaseSize.Small, 2, (7, 13), 3, 2)),
        Join(CaseSize.Large, 1, (60, 60), 256, 256),
    ];

    protected override Element[] Reference(Concat concat, CaseData data) =>
    [
        (n, c, i, j) =>
        {
            int input = 0;
            for (; c >= data.Inputs[input].Shape.C; input++)
                c -= data.Inputs[input].Shape.C;
            return data.Inputs[input][n, c, i, j];
        },
    ];

    private static OperatorCase Join(CaseSize size, int n, Size2D plane, params int[] channels) =>
        new(new Concat(), [.. channels.Select(c => Shape(n, c, plane))], size);
}
