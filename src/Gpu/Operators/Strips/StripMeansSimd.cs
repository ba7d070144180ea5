using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Strip means of a plane in one read: each row is added to the column sums (kept in the output row, which stays in
/// the first-level cache) and to one vector of partial sums, which becomes the row's mean.
/// </summary>
internal sealed unsafe class StripMeansSimd(Team team, StripMeans means) : SimdOperation(team)
{
    /// <summary>Elements ahead that are asked for, 4 KB: the processor's own prefetching ends with each page.</summary>
    private const int Ahead = 1024;

    public override string Variant => "strip means simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        int height = x.Shape.H;
        int width = x.Shape.W;
        (int firstPlane, int lastPlane) = Share(x.Shape.N * x.Shape.C, worker, workers);
        for (int plane = firstPlane; plane < lastPlane; plane++)
        {
            float* source = x.Plane(plane);
            float* rowMeans = means.OverWidth ? Output(0).Plane(plane) : null;
            float* columnMeans = means.OverHeight ? Output(means.OverWidth ? 1 : 0).Plane(plane) : null;
            if (columnMeans != null)
                new Span<float>(columnMeans, width).Clear();
            for (int h = 0; h < height; h++, source += width)
            {
                Vector<float> sum = default;
                int w = 0;
                for (; columnMeans != null && w <= width - 2 * Vector<float>.Count; w += 2 * Vector<float>.Count)
                {
                    if (Sse.IsSupported)
                        Sse.Prefetch0(source + w + Ahead);
                    Vector<float> first = Vector.Load(source + w), second = Vector.Load(source + w + Vector<float>.Count);
                    sum += first;
                    sum += second;
                    float* sums = columnMeans + w;
                    (Vector.Load(sums) + first).Store(sums);
                    (Vector.Load(sums + Vector<float>.Count) + second).Store(sums + Vector<float>.Count);
                }
                for (; w < width; w += Vector<float>.Count)
                {
                    Vector<float> value = SimdMath.Load(source + w, width - w);
                    sum += value;
                    if (columnMeans != null)
                        SimdMath.Store(SimdMath.Load(columnMeans + w, width - w) + value, columnMeans + w, width - w);
                }
                if (rowMeans != null)
                    rowMeans[h] = Vector.Sum(sum) / width;
            }
            for (int column = 0; columnMeans != null && column < width; column++)
                columnMeans[column] /= height;
        }
    }
}

/// <summary>
/// da / W + db / H, a plane at a time: db / H is made once a plane in a line that stays in the first-level cache. The
/// term of a mean that was not wanted is zero.
/// </summary>
internal sealed unsafe class StripMeansGradientSimd(Team team, StripMeansGradient means) : SimdOperation(team)
{
    private readonly WorkerBuffers _line = new(team, means.Plane.Width + Vector<float>.Count);

    public override string Variant => "strip means gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dx = Output(0);
        int width = dx.Shape.W;
        float* line = _line[worker];
        new Span<float>(line, width).Clear();
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            if (means.OverHeight)
                Divide(Input(means.OverWidth ? 1 : 0).Plane(plane), width, dx.Shape.H, line);
            float* column = means.OverWidth ? Input(0).Plane(plane) : null;
            float* target = dx.Plane(plane);
            for (int h = 0; h < dx.Shape.H; h++, target += width)
            {
                var left = new Vector<float>(column != null ? column[h] / width : 0f);
                for (int w = 0; w < width; w += Vector<float>.Count)
                    SimdMath.Store(left + Vector.Load(line + w), target + w, width - w);
            }
        }
    }

    private static void Divide(float* row, int width, int height, float* line)
    {
        var divisor = new Vector<float>(height);
        for (int w = 0; w < width; w += Vector<float>.Count)
            Vector.Store(SimdMath.Load(row + w, width - w) / divisor, line + w);
    }
}
