namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element[] Strips(StripMeans means, Samples x)
    {
        Element overWidth = (n, c, i, _) => Mean(x, n, c, (i, i + 1), (0, x.Shape.W));
        Element overHeight = (n, c, _, j) => Mean(x, n, c, (0, x.Shape.H), (j, j + 1));
        return (means.OverWidth, means.OverHeight) switch
        {
            (true, true) => [overWidth, overHeight],
            (true, false) => [overWidth],
            _ => [overHeight],
        };
    }

    private static Element Expand(Samples a, Samples b, bool relu) => (n, c, i, j) =>
    {
        Estimate sum = (Estimate)a[n, c, i, 0] + b[n, c, 0, j];
        return relu ? sum.Relu() : sum;
    };

    private static Element Gate(Samples x, Samples a, Samples b)
    {
        Element sum = Expand(a, b, relu: false);
        return (n, c, i, j) => sum(n, c, i, j).Sigmoid() * x[n, c, i, j];
    }
}
