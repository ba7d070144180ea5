using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>The mean under a window, padding counted.</summary>
internal sealed class AveragePoolCheck : Check<AveragePool>
{
    /// <summary>Those of DDRNet's pyramid, plain ones, and windows with gaps between them.</summary>
    private static readonly AveragePool[] _pools =
        [new(5, 2, 2), new(9, 4, 4), new(17, 8, 8), new(2, 2, 0), new(2, 2, 1), new(3, 1, 1), new(2, 3, 0), new(1, 2, 0)];

    public override IEnumerable<OperatorCase> Cases => Of((size, pool, x) => new OperatorCase(pool, [x], size));

    protected override Element[] Reference(AveragePool pool, CaseData data)
    {
        Samples x = data.Inputs[0];
        double share = 1.0 / (pool.Kernel * pool.Kernel);
        return
        [
            (n, c, i, j) =>
            {
                (int From, int To) rows = Window(pool, i, x.Shape.H), columns = Window(pool, j, x.Shape.W);
                return x.Mean(n, c, rows, columns) * ((rows.To - rows.From) * (columns.To - columns.From) * share);
            },
        ];
    }

    /// <summary>The cases that <paramref name="make"/> makes for a pool and the shape of its input.</summary>
    public static IEnumerable<OperatorCase> Of(Func<CaseSize, AveragePool, Shape, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, new(5, 2, 2), new Shape(1, 2, 5, 7)),
        make(CaseSize.Tiny, new(2, 3, 0), new Shape(2, 2, 6, 8)),
        .. from pool in _pools
           from plane in Planes.Where(plane => Math.Min(plane.Height, plane.Width) >= pool.Kernel - 2 * pool.Padding)
           select make(CaseSize.Small, pool, Shape(2, 3, plane)),
        make(CaseSize.Small, new(17, 8, 8), new Shape(3, 65, 8, 16)),
        .. Placed(make(CaseSize.Small, new(5, 2, 2), new Shape(2, 5, 16, 24))),
        .. Placed(make(CaseSize.Small, new(5, 2, 2), new Shape(2, 5, 7, 13))),
        make(CaseSize.Large, new(5, 2, 2), new Shape(1, 512, 32, 64)),
    ];

    /// <summary>The elements under a window along one axis.</summary>
    public static (int From, int To) Window(AveragePool pool, int index, int extent) =>
        (Math.Max(index * pool.Stride - pool.Padding, 0), Math.Min(index * pool.Stride - pool.Padding + pool.Kernel, extent));
}

/// <summary>Its gradient.</summary>
internal sealed class AveragePoolGradientCheck : Check<AveragePoolGradient>
{
    public override IEnumerable<OperatorCase> Cases => AveragePoolCheck.Of((size, pool, x) =>
        new OperatorCase(new AveragePoolGradient(pool, (x.H, x.W)), [.. pool.Infer([x])], size));

    protected override Element[] Reference(AveragePoolGradient gradient, CaseData data)
    {
        Samples dy = data.Inputs[0];
        AxisReaders rows = Windows(gradient.Forward, dy.Shape.H, gradient.Plane.Height);
        AxisReaders columns = Windows(gradient.Forward, dy.Shape.W, gradient.Plane.Width);
        return [(n, c, i, j) => AxisReaders.Gather(rows, columns, i, j, (u, v) => dy[n, c, u, v])];
    }

    private static AxisReaders Windows(AveragePool pool, int windows, int extent)
    {
        var readers = new AxisReaders(extent);
        for (int window = 0; window < windows; window++)
        {
            (int from, int to) = AveragePoolCheck.Window(pool, window, extent);
            for (int i = from; i < to; i++)
                readers.Add(i, window, 1.0 / pool.Kernel);
        }
        return readers;
    }
}
