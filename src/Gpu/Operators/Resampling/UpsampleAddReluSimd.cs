using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>relu(s0 + up(s1) + up(s2)) row by row, the upsampled rows in cache only.</summary>
internal sealed unsafe class UpsampleAddReluSimd : SimdOperation
{
    private readonly BilinearRows _first;
    private readonly BilinearRows _second;
    private readonly WorkerBuffers _buffers;
    private readonly int _blendLength;

    public UpsampleAddReluSimd(Team team, ReadOnlySpan<Shape> inputs) : base(team)
    {
        var size = new Size2D(inputs[0].H, inputs[0].W);
        _first = new BilinearRows(inputs[1], size, ResizeRule.CornerAligned);
        _second = new BilinearRows(inputs[2], size, ResizeRule.CornerAligned);
        _blendLength = Math.Max(_first.BlendLength, _second.BlendLength);
        _buffers = new WorkerBuffers(team, checked(_blendLength + 2 * inputs[0].W));
    }

    public override string Variant => "upsample-add-relu simd";

    public override void Execute(int worker, int workers)
    {
        View s0 = Input(0);
        View s1 = Input(1);
        View s2 = Input(2);
        View y = Output(0);
        int width = s0.Shape.W;
        float* blend = _buffers[worker];
        float* up1 = blend + _blendLength;
        float* up2 = up1 + width;
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* source = s0.Plane(plane);
            float* target = y.Plane(plane);
            for (int h = 0; h < y.Shape.H; h++, source += width, target += width)
            {
                _first.Make(s1.Plane(plane), h, blend, up1);
                _second.Make(s2.Plane(plane), h, blend, up2);
                for (int w = 0; w < width; w += Vector<float>.Count)
                {
                    int count = width - w;
                    Vector<float> sum = SimdMath.Load(source + w, count) + SimdMath.Load(up1 + w, count) + SimdMath.Load(up2 + w, count);
                    SimdMath.Store(SimdMath.Relu(sum), target + w, count);
                }
            }
        }
    }
}
