namespace SpGpu.Gpu.Simd;

/// <summary>Adaptive average pool, a plane at a time, each bin summed row by row.</summary>
internal sealed unsafe class AdaptiveAveragePoolOperation(Team team, AdaptiveAveragePool pool) : SimdOperation(team)
{
    public override string Variant => "adaptive average pool simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        (int first, int last) = Share(y.Shape.N * y.Shape.C, worker, workers);
        for (int plane = first; plane < last; plane++)
        {
            float* source = x.Plane(plane);
            float* target = y.Plane(plane);
            for (int i = 0; i < pool.Output.Height; i++)
            {
                (int top, int bottom) = Bin(i, x.Shape.H, pool.Output.Height);
                for (int j = 0; j < pool.Output.Width; j++)
                {
                    (int left, int right) = Bin(j, x.Shape.W, pool.Output.Width);
                    float sum = 0;
                    for (int h = top; h < bottom; h++)
                    {
                        for (int w = left; w < right; w++)
                            sum += source[(long)h * x.Shape.W + w];
                    }
                    *target++ = sum / ((bottom - top) * (right - left));
                }
            }
        }
    }

    /// <summary>The inputs of an output along one axis.</summary>
    public static (int First, int End) Bin(int index, int input, int output) =>
        ((int)((long)index * input / output), (int)(((long)(index + 1) * input + output - 1) / output));
}
