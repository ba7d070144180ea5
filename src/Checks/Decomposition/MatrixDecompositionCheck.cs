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

    public override IEnumerable<OperatorCase> Cases =>
    [
        Tiny(new MatrixDecomposition(2, 2, 1), new Shape(1, 4, 3, 5)),
        Tiny(new MatrixDecomposition(3, 1, 2), new Shape(2, 5, 2, 4)),
        .. Planes.Select(plane => Small(new MatrixDecomposition(5, 3, 3), Shape(2, 7, plane))),
        .. new[] { 1, 4, 6, 16, 17 }.Select(rank => Small(new MatrixDecomposition(rank, 7, 4), new Shape(1, 33, 9, 11))),
        .. Placed(Small(new MatrixDecomposition(4, 2, 5), new Shape(2, 6, 8, 12))),
        .. Placed(Small(new MatrixDecomposition(3, 2, 6), new Shape(2, 5, 7, 13))),
        // SegNeXt-T on 512 x 512 pixels.
        Large(new MatrixDecomposition(16, 7, 7), new Shape(1, 256, 64, 64)),
    ];

    protected override Func<double>? Drawn(MatrixDecomposition decomposition, Draw draw, int input) => draw.Between(0f, 2f);

    protected override Element[] Reference(MatrixDecomposition decomposition, CaseData data)
    {
        Samples x = data.Inputs[0];
        Func<int, double[,]> results = Lazily.Once(x.Shape.N, n => Decomposed(decomposition, x, n));
        return
        [
            (n, c, i, j) =>
            {
                double value = results(n)[c, i * x.Shape.W + j];
                return new Estimate(value, Error * value + Estimate.Negligible);
            },
        ];
    }

    private static double[,] Decomposed(MatrixDecomposition decomposition, Samples samples, int n)
    {
        (int channels, int pixels, int rank) = (samples.Shape.C, samples.Shape.Plane, decomposition.Rank);
        double[,] x = Matrix(channels, pixels, (c, p) => samples.Values[(n * channels + c) * pixels + p]);
        float[] first = decomposition.Bases(channels);
        double[,] bases = Matrix(channels, rank, (c, r) => first[c * rank + r]);
        double[,] similarities = Product(Transposed(bases), x);
        double[,] coefficients = Matrix(rank, pixels, (r, p) =>
            1 / Enumerable.Range(0, rank).Sum(other => Math.Exp(similarities[other, p] - similarities[r, p])));
        for (int step = 0; step <= decomposition.Steps; step++)
        {
            coefficients = Improved(coefficients, Product(Transposed(bases), x), Product(Product(Transposed(bases), bases), coefficients));
            if (step == decomposition.Steps)
                break;
            double[,] transposed = Transposed(coefficients);
            bases = Improved(bases, Product(x, transposed), Product(bases, Product(coefficients, transposed)));
        }
        return Product(bases, coefficients);
    }

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
