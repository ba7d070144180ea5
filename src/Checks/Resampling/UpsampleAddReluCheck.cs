using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The sum of the mixed pooling module's pyramid.</summary>
internal sealed class UpsampleAddReluCheck : Check<UpsampleAddRelu>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Pyramid(CaseSize.Tiny, new Shape(2, 2, 5, 7), 4, 3),
        Pyramid(CaseSize.Tiny, new Shape(2, 2, 4, 8), 4, 3),
        .. Planes.Select(plane => Pyramid(CaseSize.Small, Shape(2, 3, plane), 20, 12)),
        Pyramid(CaseSize.Small, new Shape(1, 3, 60, 60), 20, 12),
        Pyramid(CaseSize.Small, new Shape(1, 3, 13, 21), (5, 1), (1, 4)),
        Pyramid(CaseSize.Small, new Shape(3, 65, 8, 8), 3, 2),
        .. Placed(Pyramid(CaseSize.Small, new Shape(2, 5, 8, 12), 4, 3)),
        .. Placed(Pyramid(CaseSize.Small, new Shape(2, 5, 7, 13), 4, 3)),
        Pyramid(CaseSize.Large, new Shape(1, 256, 60, 60), 20, 12),
    ];

    protected override Element[] Reference(UpsampleAddRelu sum, CaseData data)
    {
        Samples s0 = data.Inputs[0];
        var plane = new Size2D(s0.Shape.H, s0.Shape.W);
        Element[] up = [.. data.Inputs[1..].Select(small => Interpolation.Of(small, plane, ResizeRule.CornerAligned))];
        return [(n, c, i, j) => (s0[n, c, i, j] + up[0](n, c, i, j) + up[1](n, c, i, j)).Relu()];
    }

    private static OperatorCase Pyramid(CaseSize size, Shape x, Size2D first, Size2D second) =>
        new(new UpsampleAddRelu(), [x, Shape(x.N, x.C, first), Shape(x.N, x.C, second)], size);
}
