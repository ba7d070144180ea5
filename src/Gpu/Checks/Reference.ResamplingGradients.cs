namespace SpGpu.Gpu.Checks;

public static partial class Reference
{
    private static Element BinMeanGradient(Samples dy, Size2D plane)
    {
        List<(int Output, Estimate Weight)>[] rows = BinsOf(plane.Height, dy.Shape.H);
        List<(int Output, Estimate Weight)>[] columns = BinsOf(plane.Width, dy.Shape.W);
        return (n, c, i, j) => Gather(rows[i], columns[j], (u, v) => dy[n, c, u, v]);
    }

    private static Element InterpolateGradient(Samples dy, Size2D plane)
    {
        List<(int Output, Estimate Weight)>[] rows = ReadersOf(plane.Height, dy.Shape.H);
        List<(int Output, Estimate Weight)>[] columns = ReadersOf(plane.Width, dy.Shape.W);
        return (n, c, i, j) => Gather(rows[i], columns[j], (u, v) => dy[n, c, u, v]);
    }

    private static Element WindowMaximumGradient(MaxPool pool, Samples dy, Samples x) => (n, c, y, z) =>
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
    };

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

    /// <summary>The sum over the outputs that read an element of what they hand back, times both of their weights.</summary>
    private static Estimate Gather(List<(int Output, Estimate Weight)> rows, List<(int Output, Estimate Weight)> columns, Func<int, int, Estimate> handed)
    {
        var sum = new Total();
        foreach ((int i, Estimate down) in rows)
        {
            foreach ((int j, Estimate along) in columns)
                sum.Add(down * along * handed(i, j));
        }
        return sum.Sum;
    }

    /// <summary>For each position along an axis the bins that hold it, with the share that it has in them.</summary>
    private static List<(int Output, Estimate Weight)>[] BinsOf(int input, int output)
    {
        List<(int Output, Estimate Weight)>[] bins = [.. Enumerable.Range(0, input).Select(_ => new List<(int Output, Estimate Weight)>())];
        for (int bin = 0; bin < output; bin++)
        {
            (int from, int to) = Bin(bin, input, output);
            for (int i = from; i < to; i++)
                bins[i].Add((bin, 1.0 / (to - from)));
        }
        return bins;
    }

    /// <summary>
    /// For each position along an axis the outputs of <see cref="CornerAlignedBilinear"/> that read it: their weight falls from one
    /// where they lie on it to zero a position away. Where only the rounding of the output's position decides whether
    /// it reads, the weight is zero but has an error.
    /// </summary>
    private static List<(int Output, Estimate Weight)>[] ReadersOf(int input, int output)
    {
        List<(int Output, Estimate Weight)>[] readers = [.. Enumerable.Range(0, input).Select(_ => new List<(int Output, Estimate Weight)>())];
        for (int reader = 0; reader < output; reader++)
        {
            // In float32, as the specification says.
            float position = CornerAlignedBilinear.Step(input, output) * reader;
            double error = (2 * position + 1) * Estimate.Unit;
            for (int i = Math.Max((int)position - 1, 0); i < Math.Min((int)position + 3, input); i++)
            {
                double distance = Math.Abs(Math.Min(position, input - 1.0) - i);
                if (distance < 1 + error)
                    readers[i].Add((reader, new Estimate(Math.Max(1 - distance, 0), error)));
            }
        }
        return readers;
    }
}
