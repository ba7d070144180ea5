namespace SpGpu.Checks;

/// <summary>A column and a row that are expanded to a plane, and what the plane hands back to them.</summary>
internal static class Expansion
{
    /// <summary>expand(a) + expand(b), optionally relu of it.</summary>
    public static Element Sum(Samples a, Samples b, bool relu) => (n, c, i, j) =>
    {
        Estimate sum = (Estimate)a[n, c, i, 0] + b[n, c, 0, j];
        return relu ? sum.Relu() : sum;
    };

    /// <summary>The sums of <paramref name="term"/> over W and over H.</summary>
    public static Element[] Transposed(Shape shape, Element term)
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
