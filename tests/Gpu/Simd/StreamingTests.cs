using SpGpu.Gpu.Simd;
using Xunit;

namespace SpGpu.Gpu.Tests.Simd;

/// <summary>Results too large for the caches are stored past them, with the bits that small ones have.</summary>
public sealed unsafe class StreamingTests : IDisposable
{
    private readonly Device _device = Device.Open("cpu", new() { Threads = 3 });

    [Theory]
    [InlineData(256, true)]
    [InlineData(254, false)]
    public void The_last_image_is_as_if_it_were_alone(int width, bool streams)
    {
        var all = new Shape(3, 24, 512, width);
        foreach (Specification specification in (Specification[])[new StripGate(), new Pointwise(PointwiseKind.Sigmoid),
            new Pointwise(PointwiseKind.Add)])
        {
            Shape[] shapes = specification is StripGate ? [all, all with { W = 1 }, all with { H = 1 }]
                : specification is Pointwise { IsBinary: true } ? [all, all] : [all];
            float[][] inputs = [.. shapes.Select((shape, number) => Values((int)shape.Count, number))];
            float[] together = Run(specification, shapes, inputs, streams);
            float[] alone = Run(specification, [.. shapes.Select(shape => shape with { N = 1 })],
                [.. inputs.Select(input => input[^(input.Length / 3)..])], streams: false);
            Assert.True(together.AsSpan(2 * alone.Length).SequenceEqual(alone), specification.Name);
        }
    }

    public void Dispose() => _device.Dispose();

    private float[] Run(Specification specification, Shape[] shapes, float[][] inputs, bool streams)
    {
        Tensor[] tensors = [.. shapes.Select(shape => Tensor.Allocate(_device, shape))];
        Tensor y = Tensor.Allocate(_device, shapes[0]);
        try
        {
            foreach ((Tensor tensor, float[] values) in tensors.Zip(inputs))
                tensor.Upload<float>(values);
            Assert.Equal(streams, Streaming.Pays(new View(SimdMemory.Floats(y), null, y.BatchStride, y.Shape)));
            _device.Operators.Prepare(specification, shapes).Run(tensors, [y]);
            var result = new float[y.Shape.Count];
            y.Download<float>(result);
            return result;
        }
        finally
        {
            foreach (Tensor tensor in tensors.Append(y))
                tensor.Memory.Dispose();
        }
    }

    private static float[] Values(int count, int seed)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = 5 * MathF.Sin(i * 0.7f + seed);
        return values;
    }
}
