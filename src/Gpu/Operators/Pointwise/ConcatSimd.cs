namespace SpGpu.Gpu.Simd;

/// <summary>Copies whole images into their slice of channels.</summary>
internal sealed unsafe class ConcatSimd(Team team, int inputs) : SimdOperation(team, inputs)
{
    private readonly int _count = inputs;

    public override string Variant => "concat simd";

    public override void Execute(int worker, int workers)
    {
        View y = Output(0);
        int channel = 0;
        for (int i = 0; i < _count; i++)
        {
            View x = Input(i);
            (int first, int last) = Share(x.Shape.N * x.Shape.C, worker, workers);
            for (int plane = first; plane < last; plane++)
            {
                int n = plane / x.Shape.C;
                new ReadOnlySpan<float>(x.Plane(plane), x.Shape.Plane)
                    .CopyTo(new Span<float>(y.Plane(n, channel + plane - n * x.Shape.C), x.Shape.Plane));
            }
            channel += x.Shape.C;
        }
    }
}
