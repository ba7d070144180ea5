namespace SpGpu.Gpu.Simd;

/// <summary>Copies the planes of some neighbouring channels.</summary>
internal sealed unsafe class ChannelSliceSimd(Team team, ChannelSlice slice) : SimdOperation(team)
{
    public override string Variant => "channel slice simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int length = y.Shape.Plane;
        (int first, int last) = Share(y.Shape.N * slice.Count, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            int n = plane / slice.Count;
            new ReadOnlySpan<float>(x.Plane(n, slice.First + plane - n * slice.Count), length)
                .CopyTo(new Span<float>(y.Plane(plane), length));
        }
    }
}
