using System.Text.Json;
using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Golden;

/// <summary>Losses of the reference data with their gradients, on the device that SPGPU_DEVICE names.</summary>
public sealed class LossTests(DeviceFixture fixture)
{
    private static readonly Dictionary<string, GoldenCase> _all = GoldenFixture.All
        .SelectMany(f => f.Fixture.Cases.Select(data => new GoldenCase(f.Set, f.Fixture, data, "loss")))
        .Where(data => data.Module is "CrossEntropyLoss" or "OhemCrossEntropyLoss")
        .ToDictionary(data => data.ToString());

    public static TheoryData<string> Names => [.. _all.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss(string name)
    {
        GoldenCase data = _all[name];
        HostTensor logits = data.Expected("in.logits");
        byte ignored = (byte)data.Number("ignore_index");
        bool weighted = data.Data.GetProperty("tensors").TryGetProperty("w.weight", out _);
        var shape = new Shape(logits.Shape[0], logits.Shape[1], logits.Shape[2], logits.Shape[3]);
        Shape pixels = shape with { C = 1 };

        using var tensors = new Tensors(fixture.Device);
        Tensor x = tensors.Floats(shape, logits.Floats);
        Tensor labels = tensors.Bytes(pixels, [.. ((long[])data.Expected("in.target").Data).Select(label => (byte)label)]);
        Tensor result = tensors.Floats(new Shape(1, 1, 1, 2), new float[2]);
        Tensor logarithm = tensors.Floats(pixels, new float[pixels.Count]);
        Tensor gradient = tensors.Floats(shape, new float[shape.Count]);
        Tensor[] weights = weighted ? [tensors.Floats(new Shape(1, shape.C, 1, 1), data.Expected("w.weight").Floats)] : [];

        var loss = new CrossEntropy(ignored, weighted);
        if (data.Module == "OhemCrossEntropyLoss")
        {
            Tensor kept = tensors.Bytes(pixels, new byte[pixels.Count]);
            var hard = new HardExamples((float)data.Argument("thresh").GetDouble(), data.Number("min_kept"), ignored);
            Run(loss, [x, labels, .. weights], [result, logarithm]);
            Run(hard, [x, labels, logarithm], [kept]);
            labels = kept;
            byte[] found = new byte[pixels.Count];
            kept.Download<byte>(found);
            Assert.Equal(data.Data.GetProperty("kept_pixels").GetInt32(), found.Count(label => label != ignored));
        }
        Run(loss, [x, labels, .. weights], [result, logarithm]);
        Run(new CrossEntropyGradient(loss, 1f), [x, labels, result, logarithm, .. weights], [gradient]);

        float[] value = new float[2];
        result.Download<float>(value);
        if (data.Data.GetProperty("loss_value").ValueKind == JsonValueKind.Null)
            Assert.Equal([float.NaN, 0f], value);
        else
            data.Check("out", new HostTensor([value[0]]));
        float[] gradients = new float[shape.Count];
        gradient.Download<float>(gradients);
        data.Check("grad.in.logits", new HostTensor(gradients, logits.Shape));
    }

    private void Run(Specification specification, Tensor[] inputs, Tensor[] outputs) =>
        fixture.Device.Operators.Prepare(specification, [.. inputs.Select(input => input.Shape)]).Run(inputs, outputs);

    /// <summary>Tensors that are given back together.</summary>
    private sealed class Tensors(Device device) : IDisposable
    {
        private readonly List<DeviceMemory> _memory = [];

        public Tensor Floats(Shape shape, float[] values) => Make(shape, DataType.Float32, values);

        public Tensor Bytes(Shape shape, byte[] values) => Make(shape, DataType.UInt8, values);

        public void Dispose() => _memory.ForEach(memory => memory.Dispose());

        private Tensor Make<T>(Shape shape, DataType type, T[] values)
            where T : unmanaged
        {
            Tensor tensor = Tensor.Allocate(device, shape, type);
            _memory.Add(tensor.Memory);
            tensor.Upload<T>(values);
            return tensor;
        }
    }
}
