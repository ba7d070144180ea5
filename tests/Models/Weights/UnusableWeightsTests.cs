using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Training;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Numbers with which a network gives nonsense without a word.</summary>
public sealed class UnusableWeightsTests : IDisposable
{
    private const string Filter = "pretrained.layer2.1.conv2.weight", Auxiliary = "auxlayer.conv5.0.weight",
        Variance = "head.score_layer.1.running_var";

    private readonly Device _device = Device.Open("cpu");
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        _device.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData(Filter, float.NaN)]
    [InlineData(Filter, float.NegativeInfinity)]
    [InlineData("head.score_layer.4.bias", float.PositiveInfinity)]
    [InlineData("pretrained.bn1.weight", float.NaN)]
    [InlineData(Variance, float.NaN)]
    [InlineData(Variance, -1f)]
    public void What_the_network_uses_is_refused_by_name(string name, float value)
    {
        StateDict state = With(name, value);
        Assert.Contains($"'{name}' holds", Assert.Throws<WeightsException>(() => new SpNet(Tiny.Architecture, state, _device)).Message);
        SafeTensors.Write(_file, state);
        string message = Assert.Throws<WeightsException>(() => SpNet.Load(_file, _device)).Message;
        Assert.Contains($"'{_file}'", message);
        Assert.Contains($"'{name}' holds", message);
        using var file = WeightsFile.Open(_file);
        Assert.Equal([name], file.FindUnusable().Select(unusable => unusable.Name));
    }

    [Theory]
    [InlineData(0, false, 1.0)]
    [InlineData(48, true, 1.0)]
    [InlineData(0, false, 0.5)]
    public void Numbers_that_overflow_in_the_network_are_no_labels(int window, bool flip, double scale)
    {
        StateDict state = Tiny.State();
        foreach (string name in state.Names.Where(name => name.EndsWith(".conv2.weight", StringComparison.Ordinal)).ToArray())
            state[name] = new HostTensor([.. state[name].Floats.Select(value => 1e20f * value)], state[name].Shape.ToArray());
        using var net = new SpNet(Tiny.Architecture, state, _device);
        var image = new RgbImage(new byte[3 * 64 * 64], 64, 64, 3 * 64, PixelOrder.Rgb);
        var options = new SegmentOptions { Window = window, Flip = flip, Scales = [scale] };
        Assert.Contains("NaN or infinite", Assert.Throws<WeightsException>(() => net.Segment(image, options)).Message);
    }

    [Fact]
    public void What_only_training_uses_is_refused_there()
    {
        StateDict state = With(Auxiliary, float.NaN);
        using (var net = new SpNet(Tiny.Architecture, state, _device))
            Assert.True(net.Report.IsExact);
        var options = new TrainingOptions { Losses = [new("score", 1), new("aux", 0.4)] };
        Assert.Contains($"'{Auxiliary}' holds NaN", Assert.Throws<WeightsException>(
            () => new TrainingNetwork(SpNetGraph.Build(Tiny.Architecture), state, _device, options)).Message);
    }

    [Fact]
    public void Integers_are_refused_by_name()
    {
        StateDict state = Tiny.State();
        state["pretrained.bn1.weight"] = new HostTensor(new long[8], 8);
        Assert.Contains("'pretrained.bn1.weight' holds integers",
            Assert.Throws<WeightsException>(() => new SpNet(Tiny.Architecture, state, _device)).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(67)]
    public void Every_place_is_looked_at(int length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? float.MaxValue : -float.Epsilon)];
        Assert.Null(WeightValues.Problem("w", values));
        for (int i = 0; i < length; i++)
        {
            foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                float[] spoilt = [.. values];
                spoilt[i] = value;
                Assert.Equal("holds NaN or infinity", WeightValues.Problem("w", spoilt));
            }
            float[] variances = new float[length];
            variances[i] = -float.Epsilon;
            Assert.Null(WeightValues.Problem("bn.running_mean", variances));
            Assert.Equal("holds a negative variance", WeightValues.Problem("bn.running_var", variances));
        }
    }

    private static StateDict With(string name, float value)
    {
        StateDict state = Tiny.State();
        float[] values = [.. state[name].Floats];
        values[^1] = value;
        state[name] = new HostTensor(values, state[name].Shape);
        return state;
    }
}
