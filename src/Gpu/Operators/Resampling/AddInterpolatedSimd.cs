using System.Numerics;

namespace SpGpu.Gpu.Simd;

/// <summary>
/// Adds x between tabled rows and columns, a row of an output plane at a time: two rows of x are blended in vectors, then
/// each output takes two neighbours of the blend.
/// </summary>
internal sealed unsafe class AddInterpolatedSimd(Team team, Shape x, Shape columns) : SimdOperation(team)
{
    private readonly WorkerBuffers _buffers = new(team, checked(2 * columns.H + x.W + Vector<float>.Count));

    public override string Variant => "add interpolated simd";

    public override void Execute(int worker, int workers)
    {
        (View x, View rows, View columns, View y) = (Input(0), Input(1), Input(2), Output(0));
        int* neighbours = (int*)_buffers[worker];
        float* blend = _buffers[worker] + 2 * columns.Shape.H;
        for (int j = 0; j < columns.Shape.H; j++)
            (neighbours[2 * j], neighbours[2 * j + 1]) = Pair(columns.Floats[3 * j], x.Shape.W);
        (int first, int last) = Share(y.Shape.N * y.Shape.C * y.Shape.H, worker, workers);
        for (int line = first; line < last; line++)
        {
            int plane = line / y.Shape.H;
            int row = line - plane * y.Shape.H;
            Blend(x.Plane(plane), rows.Floats + 3 * row, x.Shape, blend);
            float* target = y.Plane(plane) + (long)row * y.Shape.W;
            for (int j = 0; j < y.Shape.W; j++)
            {
                float* weights = columns.Floats + 3 * j;
                target[j] += weights[1] * blend[neighbours[2 * j]] + weights[2] * blend[neighbours[2 * j + 1]];
            }
        }
    }

    private static void Blend(float* plane, float* entry, Shape x, float* blend)
    {
        (int top, int bottom) = Pair(entry[0], x.H);
        float* upper = plane + (long)top * x.W;
        float* lower = plane + (long)bottom * x.W;
        (var above, var below) = (new Vector<float>(entry[1]), new Vector<float>(entry[2]));
        for (int w = 0; w < x.W; w += Vector<float>.Count)
        {
            int count = x.W - w;
            Vector.Store(above * SimdMath.Load(upper + w, count) + below * SimdMath.Load(lower + w, count), blend + w);
        }
    }

    private static (int, int) Pair(float first, int extent) =>
        (Math.Clamp((int)first, 0, extent - 1), Math.Clamp((int)first + 1, 0, extent - 1));
}
