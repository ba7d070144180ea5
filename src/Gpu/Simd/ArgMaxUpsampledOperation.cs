namespace SpGpu.Gpu.Simd;

/// <summary>Arg-max of upsampled logits, a row at a time: only one class's row of interpolated values exists at once.</summary>
internal sealed unsafe class ArgMaxUpsampledOperation : SimdOperation
{
    private readonly BilinearRows _rows;
    private readonly WorkerBuffers _buffers;
    private readonly Size2D _size;

    public ArgMaxUpsampledOperation(Team team, ArgMaxUpsampled argMax, Shape input) : base(team)
    {
        _size = argMax.Output;
        _rows = new BilinearRows(input, _size);
        _buffers = new WorkerBuffers(team, 2 * _size.Width + _rows.BlendLength);
    }

    public override string Variant => "arg-max of upsampled logits simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int width = _size.Width;
        float* values = _buffers[worker];
        float* largest = values + width;
        float* blend = largest + width;
        (int first, int last) = Share(x.Shape.N * _size.Height, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / _size.Height;
            int row = item - n * _size.Height;
            byte* labels = y.Bytes + (long)n * y.BatchStride + (long)row * width;
            new Span<float>(largest, width).Fill(float.NegativeInfinity);
            new Span<byte>(labels, width).Clear();
            for (int c = 0; c < x.Shape.C; c++)
            {
                _rows.Make(x.Plane(n, c), row, blend, values);
                for (int w = 0; w < width; w++)
                {
                    if (values[w] > largest[w])
                    {
                        largest[w] = values[w];
                        labels[w] = (byte)c;
                    }
                }
            }
        }
    }
}
