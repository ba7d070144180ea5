using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Means over bins of a plane.</summary>
internal sealed class AdaptiveAveragePoolCheck : Check<AdaptiveAveragePool>
{
    /// <summary>Divisible, overlapping, equal, larger (pixels repeat), down to one.</summary>
    public static IReadOnlyList<(Size2D Input, Size2D Output)> Sizes { get; } =
    [
        ((60, 60), 20), ((60, 60), 12), ((65, 97), 20), ((65, 97), 12), ((9, 13), 20), ((9, 13), 12), ((1, 1), 12),
        ((7, 65), 1), ((17, 17), (1, 17)), ((17, 17), (17, 1)), ((8, 8), 8), ((5, 129), (2, 3)), ((129, 5), (7, 6)),
        ((64, 64), 3), ((30, 30), 6), ((64, 65), 1),
    ];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new AdaptiveAveragePool(3), new Shape(1, 2, 5, 7)),
        Tiny(new AdaptiveAveragePool(4), new Shape(2, 2, 3, 2)),
        Tiny(new AdaptiveAveragePool(1), new Shape(1, 2, 19, 27)),
        .. Sizes.Select(sizes => Small(new AdaptiveAveragePool(sizes.Output), Shape(2, 3, sizes.Input))),
        Small(new AdaptiveAveragePool(12), new Shape(3, 65, 15, 15)),
        .. Placed(Small(new AdaptiveAveragePool((4, 6)), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new AdaptiveAveragePool(5), new Shape(2, 5, 7, 13))),
        Large(new AdaptiveAveragePool(20), new Shape(1, 256, 60, 60)),
        Large(new AdaptiveAveragePool(12), new Shape(1, 256, 60, 60)),
    ];

    protected override Element[] Reference(AdaptiveAveragePool pool, CaseData data)
    {
        (Samples x, Size2D output) = (data.Inputs[0], pool.Output);
        return [(n, c, i, j) => x.Mean(n, c, Bin(i, x.Shape.H, output.Height), Bin(j, x.Shape.W, output.Width))];
    }

    /// <summary>[floor(o * I / O), ceil((o + 1) * I / O)).</summary>
    public static (int From, int To) Bin(int index, int input, int output) =>
        ((int)Math.Floor((decimal)index * input / output), (int)Math.Ceiling((decimal)(index + 1) * input / output));
}

/// <summary>Its gradient.</summary>
internal sealed class AdaptiveAveragePoolGradientCheck : Check<AdaptiveAveragePoolGradient>
{
    public override IEnumerable<OperatorCase> Cases =>
    [
        Gradient(CaseSize.Tiny, 1, 2, (5, 7), 3),
        Gradient(CaseSize.Tiny, 2, 2, (3, 2), 4),
        .. AdaptiveAveragePoolCheck.Sizes.Select(sizes => Gradient(CaseSize.Small, 2, 3, sizes.Input, sizes.Output)),
        Gradient(CaseSize.Small, 3, 65, 15, 12),
        .. Placed(Gradient(CaseSize.Small, 2, 5, (8, 12), (4, 6))),
        .. Placed(Gradient(CaseSize.Small, 2, 5, (7, 13), 5)),
        Gradient(CaseSize.Large, 2, 256, 29, 20),
    ];

    protected override Element[] Reference(AdaptiveAveragePoolGradient gradient, CaseData data)
    {
        Samples dy = data.Inputs[0];
        (AxisReaders rows, AxisReaders columns) = (Bins(gradient.Plane.Height, dy.Shape.H), Bins(gradient.Plane.Width, dy.Shape.W));
        return [(n, c, i, j) => AxisReaders.Gather(rows, columns, i, j, (u, v) => dy[n, c, u, v])];
    }

    /// <summary>For each position along an axis the bins that hold it, with the share that it has in them.</summary>
    private static AxisReaders Bins(int input, int output)
    {
        var bins = new AxisReaders(input);
        for (int bin = 0; bin < output; bin++)
        {
            (int from, int to) = AdaptiveAveragePoolCheck.Bin(bin, input, output);
            for (int i = from; i < to; i++)
                bins.Add(i, bin, 1.0 / (to - from));
        }
        return bins;
    }

    private static OperatorCase Gradient(CaseSize size, int n, int c, Size2D input, Size2D output) =>
        new(new AdaptiveAveragePoolGradient(input), [Shape(n, c, output)], size);
}
