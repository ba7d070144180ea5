namespace SpGpu.Gpu.Simd;

/// <summary>Bytes to normalised floats through a table of the 256 values of each channel.</summary>
internal sealed unsafe class NormalizeRgbSimd : SimdOperation
{
    private readonly float[] _table = new float[3 * 256];

    public NormalizeRgbSimd(Team team, NormalizeRgb normalize) : base(team)
    {
        for (int i = 0; i < _table.Length; i++)
            _table[i] = (i % 256 - normalize.Colours.Mean[i / 256]) / normalize.Colours.Deviation[i / 256];
    }

    public override string Variant => "normalize rgb simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        View y = Output(0);
        int width = x.Shape.W;
        (int first, int last) = Share(x.Shape.N * x.Shape.H, worker, workers);
        for (int item = first; item < last; item++)
        {
            int n = item / x.Shape.H;
            int row = (item - n * x.Shape.H) * width;
            byte* source = x.Bytes + (long)n * x.BatchStride + 3L * row;
            for (int c = 0; c < 3; c++)
            {
                float* target = y.Plane(n, c) + row;
                ReadOnlySpan<float> table = _table.AsSpan(c * 256, 256);
                for (int w = 0; w < width; w++)
                    target[w] = table[source[3 * w + c]];
            }
        }
    }
}
