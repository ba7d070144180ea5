using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// The gradient of a depthwise convolution by its filter; a worker takes whole channels, row by row, and holds a vector of
/// sums for each tap.
/// </summary>
internal sealed unsafe class DepthwiseFilterGradientSimd : SimdOperation
{
    private readonly string _name;
    private readonly DepthwiseGeometry _geometry;
    private readonly DepthwiseLines _lines;
    private readonly WorkerBuffers _sums;

    public DepthwiseFilterGradientSimd(Team team, ConvolutionFilterGradient gradient, ReadOnlySpan<Shape> inputs) : base(team)
    {
        _name = gradient.Name;
        _geometry = DepthwiseGeometry.Of(gradient.Forward);
        _lines = new DepthwiseLines(team, _geometry, inputs[1], inputs[0].W);
        _sums = new WorkerBuffers(team, checked(Taps * Vector<float>.Count));
    }

    public override string Variant => $"{_name} depthwise simd";

    private int Taps => _geometry.Kernel.Height * _geometry.Kernel.Width;

    public override void Execute(int worker, int workers)
    {
        View dy = Input(0), x = Input(1), dw = Output(0);
        float* sums = _sums[worker];
        (int first, int last) = Share(dy.Shape.C, worker, workers);
        for (int channel = first; channel < last; channel++)
        {
            new Span<float>(sums, Taps * Vector<float>.Count).Clear();
            for (int n = 0; n < dy.Shape.N; n++)
            {
                _lines.Begin(worker);
                for (int i = 0; i < dy.Shape.H; i++)
                {
                    float** rows = _lines.Rows(worker, x.Plane(n, channel / _geometry.Outputs), i);
                    AddRow(rows, _lines.Starts, dy.Plane(n, channel) + (long)i * dy.Shape.W, dy.Shape.W, sums);
                }
            }
            for (int tap = 0; tap < Taps; tap++)
                dw.Plane(channel, 0)[tap] += Vector.Sum(Vector.Load(sums + tap * Vector<float>.Count));
        }
    }

    private void AddRow(float** rows, int[] starts, float* dy, int width, float* sums)
    {
        for (int u = 0; u < _geometry.Kernel.Height; u++)
        {
            foreach (int start in starts)
            {
                Add(rows[u] + start, dy, width, sums);
                sums += Vector<float>.Count;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* x, float* dy, int width, float* sums)
    {
        Vector<float> sum = default;
        for (int j = 0; j < width; j += Vector<float>.Count)
            sum = Vector.MultiplyAddEstimate(SimdMath.Load(dy + j, width - j), SimdMath.Load(x + j, width - j), sum);
        (Vector.Load(sums) + sum).Store(sums);
    }
}
