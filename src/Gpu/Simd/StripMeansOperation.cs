using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Strip means of a plane in one read: each row is added to the column sums (kept in the output row, which stays in
/// the first-level cache) and to one vector of partial sums, which becomes the row's mean.
/// </summary>
internal sealed unsafe class StripMeansOperation(Team team, StripMeans means) : SimdOperation(team)
{
    public override string Variant => "strip means simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        int height = x.Shape.H;
        int width = x.Shape.W;
        (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* source = x.Plane(plane);
            float* rowMeans = means.OverWidth ? Output(0).Plane(plane) : null;
            float* columnMeans = means.OverHeight ? Output(means.OverWidth ? 1 : 0).Plane(plane) : null;
            if (columnMeans != null)
                new Span<float>(columnMeans, width).Clear();
            for (int h = 0; h < height; h++, source += width)
            {
                Vector<float> sum = default;
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    Vector<float> value = SimdMath.Load(source + w, width - w);
                    sum += value;
                    if (columnMeans != null)
                        SimdMath.Store(SimdMath.Load(columnMeans + w, width - w) + value, columnMeans + w, width - w);
                }
                if (rowMeans != null)
                    rowMeans[h] = Vector.Sum(sum) / width;
            }
            for (int w = 0; columnMeans != null && w < width; w++)
                columnMeans[w] /= height;
        }
    }
}
