using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The largest value under a window.</summary>
internal sealed class MaxPoolCheck : Check<MaxPool>
{
    private static readonly MaxPool _stem = new(3, 2, 1);

    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(_stem, new Shape(1, 2, 5, 7)), Tiny(_stem, new Shape(2, 2, 5, 8)),
        .. Planes.Select(plane => Small(_stem, Shape(2, 3, plane))),
        Small(_stem, new Shape(1, 64, 60, 60)),
        Small(_stem, new Shape(3, 65, 8, 8)),
        Small(new MaxPool(2, 2, 0), new Shape(2, 3, 9, 16)),
        Small(new MaxPool(2, 2, 1), new Shape(2, 3, 9, 16)),
        Small(new MaxPool(3, 1, 1), new Shape(2, 3, 9, 16)),
        Small(new MaxPool(5, 3, 2), new Shape(2, 3, 19, 33)),
        Tiny(_stem, new Shape(2, 3, 9, 13)) with { Content = Content.NaN },
        Small(_stem, new Shape(2, 3, 32, 64)) with { Content = Content.NaN },
        .. Placed(Small(_stem, new Shape(2, 5, 16, 24))),
        .. Placed(Small(_stem, new Shape(2, 5, 7, 13))),
        Large(_stem, new Shape(1, 128, 240, 240)),
    ];

    protected override Element[] Reference(MaxPool pool, CaseData data)
    {
        Samples x = data.Inputs[0];
        return
        [
            (n, c, i, j) =>
            {
                double most = double.NegativeInfinity;
                for (int u = 0; u < pool.Kernel; u++)
                {
                    for (int v = 0; v < pool.Kernel; v++)
                    {
                        (int row, int column) = (i * pool.Stride - pool.Padding + u, j * pool.Stride - pool.Padding + v);
                        if (row >= 0 && row < x.Shape.H && column >= 0 && column < x.Shape.W)
                            most = Math.Max(most, x[n, c, row, column]);
                    }
                }
                return most;
            },
        ];
    }
}

/// <summary>Its gradient.</summary>
internal sealed class MaxPoolGradientCheck : Check<MaxPoolGradient>
{
    private static readonly MaxPool _stem = new(3, 2, 1);

    public override IEnumerable<OperatorCase> Cases =>
    [
        Gradient(CaseSize.Tiny, _stem, new Shape(1, 2, 5, 7)),
        .. Planes.Select(plane => Gradient(CaseSize.Small, _stem, Shape(2, 3, plane))),
        Gradient(CaseSize.Small, _stem, new Shape(1, 64, 57, 57)),
        Gradient(CaseSize.Small, _stem, new Shape(3, 65, 8, 8)),
        Gradient(CaseSize.Small, new MaxPool(2, 2, 0), new Shape(2, 3, 9, 16)),
        Gradient(CaseSize.Small, new MaxPool(2, 2, 1), new Shape(2, 3, 9, 16)),
        Gradient(CaseSize.Small, new MaxPool(2, 3, 0), new Shape(2, 3, 10, 17)),
        Gradient(CaseSize.Small, new MaxPool(3, 1, 1), new Shape(2, 3, 9, 16)),
        Gradient(CaseSize.Small, new MaxPool(5, 3, 2), new Shape(2, 3, 19, 33)),
        .. from content in new[] { Content.NaN, Content.Integers }
           from @case in new[]
           {
               Gradient(CaseSize.Tiny, _stem, new Shape(2, 3, 7, 9)),
               Gradient(CaseSize.Small, _stem, new Shape(2, 3, 32, 64)),
               Gradient(CaseSize.Small, new MaxPool(5, 3, 2), new Shape(2, 3, 19, 33)),
           }
           select @case with { Content = content },
        .. Placed(Gradient(CaseSize.Small, _stem, new Shape(2, 5, 16, 24))),
        .. Placed(Gradient(CaseSize.Small, _stem, new Shape(2, 5, 7, 13))),
        Gradient(CaseSize.Large, _stem, new Shape(2, 128, 113, 113)),
    ];

    protected override Element[] Reference(MaxPoolGradient gradient, CaseData data)
    {
        MaxPool pool = gradient.Forward;
        (Samples dy, Samples x) = (data.Inputs[0], data.Inputs[1]);
        return
        [
            (n, c, y, z) =>
            {
                var sum = new Total();
                for (int i = 0; i < dy.Shape.H; i++)
                {
                    int top = i * pool.Stride - pool.Padding;
                    for (int j = 0; j < dy.Shape.W && top <= y && y < top + pool.Kernel; j++)
                    {
                        int left = j * pool.Stride - pool.Padding;
                        if (left <= z && z < left + pool.Kernel && FirstLargest(x, n, c, top, left, pool.Kernel) == (y, z))
                            sum.Add(dy[n, c, i, j]);
                    }
                }
                return sum.Sum;
            },
        ];
    }

    private static (int Row, int Column) FirstLargest(Samples x, int n, int c, int top, int left, int kernel)
    {
        (int Row, int Column)? best = null;
        for (int i = Math.Max(top, 0); i < Math.Min(top + kernel, x.Shape.H); i++)
        {
            for (int j = Math.Max(left, 0); j < Math.Min(left + kernel, x.Shape.W); j++)
            {
                double most = best is { } place ? x[n, c, place.Row, place.Column] : double.NegativeInfinity;
                if (best is null || x[n, c, i, j] > most || (double.IsNaN(x[n, c, i, j]) && !double.IsNaN(most)))
                    best = (i, j);
            }
        }
        return best!.Value;
    }

    private static OperatorCase Gradient(CaseSize size, MaxPool pool, Shape x) =>
        new(new MaxPoolGradient(pool), [pool.Infer([x])[0], x], size);
}
