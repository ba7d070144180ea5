namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element BinMean(Samples x, Size2D output) => (n, c, i, j) =>
        Mean(x, n, c, Bin(i, x.Shape.H, output.Height), Bin(j, x.Shape.W, output.Width));

    /// <summary>[floor(o * I / O), ceil((o + 1) * I / O)).</summary>
    private static (int From, int To) Bin(int index, int input, int output) =>
        ((int)Math.Floor((decimal)index * input / output), (int)Math.Ceiling((decimal)(index + 1) * input / output));

    private static Estimate Mean(Samples x, int n, int c, (int From, int To) rows, (int From, int To) columns)
    {
        (double sum, double magnitude) = (0, 0);
        for (int i = rows.From; i < rows.To; i++)
        {
            for (int j = columns.From; j < columns.To; j++)
            {
                sum += x[n, c, i, j];
                magnitude += Math.Abs(x[n, c, i, j]);
            }
        }
        int count = (rows.To - rows.From) * (columns.To - columns.From);
        return Estimate.Sum(sum / count, magnitude / count, count);
    }

    private static Element WindowMaximum(Samples x, MaxPool pool) => (n, c, i, j) =>
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
    };
}
