namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element StripsGradient(StripMeansGradient gradient, CaseData data) => (n, c, i, j) =>
    {
        var sum = new Total();
        if (gradient.OverWidth)
            sum.Add(data.Inputs[0][n, c, i, 0] / gradient.Plane.Width);
        if (gradient.OverHeight)
            sum.Add(data.Inputs[^1][n, c, 0, j] / gradient.Plane.Height);
        return sum.Sum;
    };

    private static Element[] ExpandGradients(bool relu, CaseData data)
    {
        Samples dy = data.Inputs[0];
        return Sums(dy.Shape, (n, c, i, j) => !relu || (float)data.Inputs[1][n, c, i, 0] + (float)data.Inputs[2][n, c, 0, j] > 0 ? dy[n, c, i, j] : 0);
    }

    private static Element[] GateGradients(Samples dy, Samples x, Samples a, Samples b)
    {
        Element sum = Expand(a, b, relu: false);
        Element dx = (n, c, i, j) => sum(n, c, i, j).Sigmoid() * dy[n, c, i, j];
        return [dx, .. Sums(dy.Shape, (n, c, i, j) => Slope(sum(n, c, i, j).Sigmoid()) * dy[n, c, i, j] * x[n, c, i, j])];
    }

    /// <summary>The sums over W and over H.</summary>
    private static Element[] Sums(Shape shape, Element term)
    {
        Element overWidth = (n, c, i, _) =>
        {
            var sum = new Total();
            for (int j = 0; j < shape.W; j++)
                sum.Add(term(n, c, i, j));
            return sum.Sum;
        };
        Element overHeight = (n, c, _, j) =>
        {
            var sum = new Total();
            for (int i = 0; i < shape.H; i++)
                sum.Add(term(n, c, i, j));
            return sum.Sum;
        };
        return [overWidth, overHeight];
    }
}
