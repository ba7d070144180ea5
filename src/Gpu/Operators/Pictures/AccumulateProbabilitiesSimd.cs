using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>Adds the softmax of one window's upsampled logits to the map, a row at a time.</summary>
internal sealed unsafe class AccumulateProbabilitiesSimd : SimdOperation
{
    private readonly AccumulateProbabilities _accumulate;
    private readonly BilinearRows _rows;
    private readonly WorkerBuffers _buffers;
    private readonly int _channels;

    public AccumulateProbabilitiesSimd(Team team, AccumulateProbabilities accumulate, Shape input) : base(team)
    {
        _accumulate = accumulate;
        _channels = input.C;
        _rows = new BilinearRows(input, accumulate.Window, accumulate.Rule);
        _buffers = new WorkerBuffers(team, checked(_channels * accumulate.Window.Width + _rows.BlendLength));
    }

    public override string Variant => "accumulate probabilities simd";

    public override void Execute(int worker, int workers)
    {
        View x = Input(0);
        int width = _accumulate.Window.Width;
        long mapPlane = (long)_accumulate.Map.Height * _accumulate.Map.Width;
        float* values = _buffers[worker];
        float* blend = values + (long)_channels * width;
        (int first, int last) = Share(_accumulate.Window.Height, worker, workers);
        for (int row = first; row < last; row++)
        {
            for (int c = 0; c < _channels; c++)
                _rows.Make(x.Plane(0, c), row, blend, values + (long)c * width);
            for (int w = 0; w < width; w += Vector<float>.Count)
                SoftmaxSimd.Normalize(values + w, width, values + w, width, _channels, width - w);
            for (int c = 0; c < _channels; c++)
            {
                float* target = Output(0).Floats + c * mapPlane + (long)row * _accumulate.Map.Width;
                float* source = values + (long)c * width;
                for (int w = 0; w < width; w++)
                    target[w] += source[_accumulate.Mirrored ? width - 1 - w : w];
            }
        }
    }
}
