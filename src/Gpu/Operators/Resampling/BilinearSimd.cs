using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Bilinear interpolation, a plane at a time.</summary>
internal sealed unsafe class BilinearSimd(Team team, Bilinear bilinear, Shape input) : SimdOperation(team)
{
    private readonly BilinearRows _rows = new(input, bilinear.Output, bilinear.Rule);
    private readonly WorkerBuffers _blend = new(team, input.W + Vector<float>.Count);

    public override string Variant => "bilinear simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        float* blend = _blend[worker];
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = y.Plane(plane);
            for (int h = 0; h < y.Shape.H; h++, target += y.Shape.W)
                _rows.Make(x.Plane(plane), h, blend, target);
        }
    }
}

/// <summary>Gradient of bilinear interpolation, a plane at a time.</summary>
internal sealed unsafe class BilinearGradientSimd : SimdOperation
{
    private readonly BilinearTranspose _transpose;
    private readonly WorkerBuffers _buffers;

    public BilinearGradientSimd(Team team, BilinearGradient bilinear, Shape gradient) : base(team)
    {
        _transpose = new BilinearTranspose(bilinear.Plane, (gradient.H, gradient.W), bilinear.Rule);
        _buffers = new WorkerBuffers(team, checked(2 * _transpose.LineLength));
    }

    public override string Variant => "bilinear gradient simd";

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0);
        View dx = Output(0);
        float* line = _buffers[worker];
        float* carried = line + _transpose.LineLength;
        (int first, int last) = Share(dx.Shape.N * dx.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* target = dx.Plane(plane);
            new Span<float>(carried, _transpose.LineLength).Clear();
            for (int h = 0; h < dx.Shape.H; h++, target += dx.Shape.W)
                _transpose.Run(dy.Plane(plane) + (long)_transpose.Rows(h).First * dy.Shape.W, dy.Shape.W, h, line, carried, target);
        }
    }
}
