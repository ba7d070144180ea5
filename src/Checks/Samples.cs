namespace SpGpu.Checks;

/// <summary>
/// A tensor on the host. What an input of a case holds are floats or bytes; the gradient tests take doubles between
/// them.
/// </summary>
/// <param name="Values">The elements in the order of memory.</param>
/// <param name="Shape">N, C, H, W.</param>
internal sealed record Samples(double[] Values, Shape Shape)
{
    /// <summary>The elements of <paramref name="element"/>, rounded to float32 as a device holds them.</summary>
    public static Samples Rounded(Element element, Shape shape)
    {
        double[] values = new double[shape.Count];
        for (int index = 0; index < values.Length; index++)
        {
            (int n, int c, int i, int j) = shape.Position(index);
            values[index] = (float)element(n, c, i, j).Value;
        }
        return new Samples(values, shape);
    }

    /// <summary>The element at (n, c, i, j).</summary>
    public double this[int n, int c, int i, int j] => Values[((n * Shape.C + c) * Shape.H + i) * Shape.W + j];

    /// <summary>The mean of some rows and columns of a plane, each from a first one to before a last.</summary>
    public Estimate Mean(int n, int c, (int From, int To) rows, (int From, int To) columns)
    {
        (double sum, double magnitude) = (0, 0);
        for (int i = rows.From; i < rows.To; i++)
        {
            for (int j = columns.From; j < columns.To; j++)
            {
                sum += this[n, c, i, j];
                magnitude += Math.Abs(this[n, c, i, j]);
            }
        }
        int count = (rows.To - rows.From) * (columns.To - columns.From);
        return Estimate.Sum(sum / count, magnitude / count, count);
    }
}
