using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Bases and coefficients, step by step, and their product.</summary>
internal sealed class MatrixDecompositionCheck : Check<MatrixDecomposition>
{
    /// <summary>
    /// What float32 may be off, relative: nothing is ever subtracted, so that errors stay relative, and what one step errs the
    /// next partly mends. A step too few changes results by some hundredths.
    /// </summary>
    private const double Error = 1e-4;

    private static readonly int[] _ranks = [1, 4, 6, 16, 17];

    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new MatrixDecomposition(2, 2, 1), new Shape(1, 4, 3, 5)),
        Tiny(new MatrixDecomposition(3, 1, 2), new Shape(2, 5, 2, 4)),
        .. Planes.Select(plane => Small(new MatrixDecomposition(5, 3, 3), Shape(2, 7, plane))),
        .. _ranks.Select(rank => Small(new MatrixDecomposition(rank, 7, 4), new Shape(1, 33, 9, 11))),
        .. Placed(Small(new MatrixDecomposition(4, 2, 5), new Shape(2, 6, 8, 12))),
        .. Placed(Small(new MatrixDecomposition(3, 2, 6), new Shape(2, 5, 7, 13))),
        // SegNeXt-T on 512 x 512 pixels.
        Large(new MatrixDecomposition(16, 7, 7), new Shape(1, 256, 64, 64)),
    ];

    protected override Func<double>? Drawn(MatrixDecomposition decomposition, Draw draw, int input) => draw.Between(0f, 2f);

    protected override Element[] Reference(MatrixDecomposition decomposition, CaseData data)
    {
        Samples x = data.Inputs[0];
        Func<int, double[,]> results = Lazily.Once(x.Shape.N, n =>
        {
            (double[,] bases, double[,] factors) = Factors(decomposition, x, n);
            double[,] image = Image(x, n);
            double[,] similarities = Product(Transposed(bases), image);
            return Product(bases, Matrix(decomposition.Rank, x.Shape.Plane, (r, p) => factors[r, p] * similarities[r, p]));
        });
        return
        [
            (n, c, i, j) =>
            {
                double value = results(n)[c, i * x.Shape.W + j];
                return new Estimate(value, Error * value + Estimate.Negligible);
            },
        ];
    }

    /// <summary>The last bases, and what their products with pixels are multiplied by to make the last coefficients.</summary>
    public static (double[,] Bases, double[,] Factors) Factors(MatrixDecomposition decomposition, Samples samples, int n)
    {
        (int channels, int rank) = (samples.Shape.C, decomposition.Rank);
        double[,] x = Image(samples, n);
        float[] first = decomposition.Bases(channels);
        double[,] bases = Matrix(channels, rank, (c, r) => first[c * rank + r]);
        double[,] similarities = Product(Transposed(bases), x);
        double[,] coefficients = Matrix(rank, samples.Shape.Plane, (r, p) =>
            1 / Enumerable.Range(0, rank).Sum(other => Math.Exp(similarities[other, p] - similarities[r, p])));
        for (int step = 0; step < decomposition.Steps; step++)
        {
            coefficients = Improved(coefficients, Product(Transposed(bases), x), Product(Product(Transposed(bases), bases), coefficients));
            double[,] transposed = Transposed(coefficients);
            bases = Improved(bases, Product(x, transposed), Product(bases, Product(coefficients, transposed)));
        }
        double[,] fitted = Product(Product(Transposed(bases), bases), coefficients);
        return (bases, Matrix(rank, samples.Shape.Plane, (r, p) => coefficients[r, p] / (fitted[r, p] + 1e-6)));
    }

    /// <summary>The channels by the pixels of an image.</summary>
    public static double[,] Image(Samples samples, int n) =>
        Matrix(samples.Shape.C, samples.Shape.Plane, (c, p) => samples.Values[(n * samples.Shape.C + c) * samples.Shape.Plane + p]);

    private static double[,] Improved(double[,] old, double[,] above, double[,] below) =>
        Matrix(old.GetLength(0), old.GetLength(1), (i, j) => old[i, j] * above[i, j] / (below[i, j] + 1e-6));

    private static double[,] Transposed(double[,] a) => Matrix(a.GetLength(1), a.GetLength(0), (i, j) => a[j, i]);

    private static double[,] Product(double[,] a, double[,] b) => Matrix(a.GetLength(0), b.GetLength(1), (i, j) =>
    {
        double sum = 0;
        for (int k = 0; k < a.GetLength(1); k++)
            sum += a[i, k] * b[k, j];
        return sum;
    });

    private static double[,] Matrix(int rows, int columns, Func<int, int, double> element)
    {
        double[,] matrix = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                matrix[i, j] = element(i, j);
        }
        return matrix;
    }
}

/// <summary>Its one-step gradient: a pixel at a time, from the sizes of dy along the bases.</summary>
internal sealed class MatrixDecompositionGradientCheck : Check<MatrixDecompositionGradient>
{
    /// <summary>As for the result, but relative to sums of absolute values: dy has both signs.</summary>
    private const double Error = 1e-4;

    public override IEnumerable<OperatorCase> Cases =>
    [
        Gradient(CaseSize.Tiny, new MatrixDecomposition(2, 2, 1), new Shape(1, 4, 3, 5)),
        .. Planes.Select(plane => Gradient(CaseSize.Small, new MatrixDecomposition(5, 3, 3), Shape(2, 7, plane))),
        Gradient(CaseSize.Small, new MatrixDecomposition(16, 7, 4), new Shape(1, 33, 9, 11)),
        .. Placed(Gradient(CaseSize.Small, new MatrixDecomposition(3, 2, 6), new Shape(2, 5, 7, 13))),
        Gradient(CaseSize.Large, new MatrixDecomposition(16, 7, 7), new Shape(1, 256, 64, 64)),
    ];

    protected override Func<double>? Drawn(MatrixDecompositionGradient gradient, Draw draw, int input) =>
        input == 1 ? draw.Between(0f, 2f) : null;

    protected override Element[] Reference(MatrixDecompositionGradient gradient, CaseData data)
    {
        (Samples dy, Samples x, int rank) = (data.Inputs[0], data.Inputs[1], gradient.Forward.Rank);
        Func<int, (double[,] Bases, double[,] Factors)> images =
            Lazily.Once(x.Shape.N, n => MatrixDecompositionCheck.Factors(gradient.Forward, x, n));
        Func<int, Estimate[]> coefficients = Lazily.Once<Estimate[]>(x.Shape.N * x.Shape.Plane, pixel =>
        {
            int n = pixel / x.Shape.Plane, at = pixel - n * x.Shape.Plane;
            double[] given = LayerNormCheck.Channels(dy, pixel);
            (double[,] bases, double[,] factors) = images(n);
            return [.. Enumerable.Range(0, rank).Select(r => Sum(given.Select((value, c) => value * bases[c, r])) * factors[r, at])];
        });
        return
        [
            (n, c, i, j) =>
            {
                Estimate[] along = coefficients((n * x.Shape.H + i) * x.Shape.W + j);
                double value = along.Select((coefficient, r) => coefficient.Value * images(n).Bases[c, r]).Sum();
                return new Estimate(value, along.Select((coefficient, r) => coefficient.Error * images(n).Bases[c, r]).Sum() + 1e-9);
            },
        ];
    }

    /// <summary>A sum whose error is relative to the absolute values.</summary>
    private static Estimate Sum(IEnumerable<double> terms) => new(terms.Sum(), Error * terms.Sum(Math.Abs));

    private static OperatorCase Gradient(CaseSize size, MatrixDecomposition decomposition, Shape x) =>
        new(new MatrixDecompositionGradient(decomposition), [x, x], size);
}
