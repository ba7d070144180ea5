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

/// <summary>da / W + db / H, a plane at a time; the term of a mean that was not wanted is zero.</summary>
internal sealed unsafe class StripMeansGradientSimd(Team team, StripMeansGradient means) : SimdOperation(team)
{
    private readonly WorkerBuffers _strips = new(team, means.Plane.Height + means.Plane.Width);

    public override string Variant => "strip means gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dx = Output(0);
        (int height, int width) = (dx.Shape.H, dx.Shape.W);
        float* column = _strips[worker];
        float* row = column + height;
        new Span<float>(column, height + width).Clear();
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            if (means.OverWidth)
                Divide(Input(0).Plane(plane), width, column, height);
            if (means.OverHeight)
                Divide(Input(means.OverWidth ? 1 : 0).Plane(plane), height, row, width);
            StripMapSimd.Run<StripMapSimd.Sum>(null, column, row, dx.Plane(plane), height, width);
        }
    }

    private static void Divide(float* strip, int divisor, float* quotients, int length)
    {
        var by = new Vector<float>(divisor);
        for (int i = 0; i < length; i += Vector<float>.Count)
            SimdMath.Store(SimdMath.Load(strip + i, length - i) / by, quotients + i, length - i);
    }
}
