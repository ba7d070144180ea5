using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>A map interpolated between tabled rows and columns.</summary>
internal sealed class AddInterpolatedCheck : Check<AddInterpolated>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Of(CaseSize.Tiny, new Shape(2, 2, 3, 4), (5, 7)),
        .. BilinearCheck.Sizes.Select(sizes => Of(CaseSize.Small, Shape(2, 3, sizes.Input), sizes.Output)),
        Of(CaseSize.Small, new Shape(1, 150, 7, 9), (3, 65)),
        .. Placed(Of(CaseSize.Small, new Shape(2, 5, 4, 8), (8, 12))),
        .. Placed(Of(CaseSize.Small, new Shape(2, 5, 3, 5), (7, 13))),
        Of(CaseSize.Large, new Shape(1, 150, 384, 512), (30, 683)),
    ];

    protected override Element[] Reference(AddInterpolated specification, CaseData data)
    {
        (Samples x, Samples rows, Samples columns, Samples before) = (data.Inputs[0], data.Inputs[1], data.Inputs[2], data.Before[0]!);
        return
        [
            (n, c, i, j) =>
            {
                (int top, int left) = ((int)rows[0, 0, i, 0], (int)columns[0, 0, j, 0]);
                return Line(top) * rows[0, 0, i, 1] + Line(top + 1) * rows[0, 0, i, 2] + before[n, c, i, j];

                Estimate Line(int row) => At(row, left) * columns[0, 0, j, 1] + At(row, left + 1) * columns[0, 0, j, 2];

                Estimate At(int row, int column) =>
                    x[n, c, Math.Clamp(row, 0, x.Shape.H - 1), Math.Clamp(column, 0, x.Shape.W - 1)];
            },
        ];
    }

    /// <summary>Tables: positions, now and then one outside, each with two weights.</summary>
    protected override Func<double>? Drawn(AddInterpolated specification, Draw draw, int input)
    {
        if (input == 0)
            return null;
        int extent = input == 1 ? draw.Case.Inputs[0].H : draw.Case.Inputs[0].W;
        int drawn = 0;
        return () => drawn++ % 3 == 0 ? draw.Below(extent + 2) - 1 : draw.Within(2f);
    }

    private static OperatorCase Of(CaseSize size, Shape x, Size2D output) =>
        new(new AddInterpolated(), [x, new Shape(1, 1, output.Height, 3), new Shape(1, 1, output.Width, 3)], size);
}
