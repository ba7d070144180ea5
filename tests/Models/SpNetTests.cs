using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests;

public sealed class SpNetTests : IDisposable
{
    private readonly Device _device = Device.Open("cpu");
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("spnet50-keys.tsv", 50, 47_838_124)]
    [InlineData("spnet101-keys.tsv", 101, 66_830_252)]
    public void KeysAndShapesAreTheOfficialOnes(string file, int depth, long parameters)
    {
        SpNetArchitecture architecture = depth == 50 ? SpNetArchitecture.SpNet50(150) : SpNetArchitecture.SpNet101(150);
        IReadOnlyList<ParameterInfo> expected = SpNetGraph.Build(architecture).Parameters;
        var official = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "fixtures", file))
            .Select(line => line.Split('\t')).Where(cells => cells[1].Contains('.', StringComparison.Ordinal))
            .ToDictionary(cells => cells[1], cells => cells[2].Replace('x', ','));
        Assert.Equal(official.Keys.Order(StringComparer.Ordinal), expected.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.All(expected, p => Assert.Equal(official[p.Name], p.IsInteger ? "scalar" : string.Join(',', p.Shape)));
        string[] buffers = ["running_mean", "running_var", "num_batches_tracked"];
        Assert.Equal(parameters, SpNetGraph.Build(architecture).ParameterCount);
        Assert.Equal(parameters, expected.Where(p => !buffers.Any(b => p.Name.EndsWith(b, StringComparison.Ordinal)))
            .Sum(p => p.Shape.Aggregate(1L, (product, extent) => product * extent)));
    }

    [Theory]
    [InlineData(1, 64, 48)]
    [InlineData(3, 33, 1)]
    public void WhatARunCostsIsKnownWithoutANetwork(int pictures, int height, int width)
    {
        var image = new Shape(pictures, 3, height, width);
        using SpNet net = Tiny.Net(_device);
        Graph graph = SpNetGraph.Build(Tiny.Architecture);
        long operations = graph.Operations([("image", image)], "score");
        Assert.Equal(net.Profile(image, runs: 1, TestContext.Current.CancellationToken).Rows.Sum(row => row.Operations), operations);
        Assert.InRange(2 * graph.MultiplyAdds([("image", image)], "score"), operations / 2, operations - 1);
        // The auxiliary head and the last enlargement are work, too.
        Assert.True(graph.Operations([("image", image)]) > operations);
        Assert.Throws<ShapeException>(() => graph.Operations([("image", image)], "none"));
        Assert.Throws<ShapeException>(() => graph.Operations([], "score"));
    }

    [Fact]
    public void SpNet152HasTheOfficialDepthAndPlacement()
    {
        SpNetArchitecture architecture = SpNetArchitecture.SpNet152(19);
        Assert.Equal([3, 8, 36, 3], architecture.Blocks);
        Assert.Equal([(0, 2), (1, 7), (2, 35), (3, 0), (3, 1), (3, 2)], architecture.SpmBlocks.Order());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void TheArchitectureIsReadFromTheKeys(bool auxiliary, bool stripBias)
    {
        SpNetArchitecture architecture = Tiny.Architecture with
        {
            Auxiliary = auxiliary,
            SpmStripBias = stripBias,
            SpmBlocks = new HashSet<(int, int)> { (1, 0), (3, 2) },
        };
        SpNetArchitecture read = ArchitectureReader.Read(Initializer.Initialize(SpNetGraph.Build(architecture), 1), "test");
        Assert.Equal(architecture with { Stem = [], Planes = [], Blocks = [], SpmBlocks = architecture.SpmBlocks },
            read with { Stem = [], Planes = [], Blocks = [], SpmBlocks = architecture.SpmBlocks });
        Assert.Equal(architecture.Stem, read.Stem);
        Assert.Equal(architecture.Planes, read.Planes);
        Assert.Equal(architecture.Blocks, read.Blocks);
        Assert.True(architecture.SpmBlocks.SetEquals(read.SpmBlocks));
    }

    [Fact]
    public void AStripBiasOfAnOldCheckpointIsUsed()
    {
        StateDict old = Initializer.Initialize(SpNetGraph.Build(Tiny.Architecture with { SpmStripBias = true }), 1);
        var folded = new StateDict();
        // The same network without the bias: batch norm takes it into its mean.
        foreach ((string name, HostTensor tensor) in old)
        {
            if (!name.Contains(".spm.conv", StringComparison.Ordinal) || name.EndsWith("weight", StringComparison.Ordinal)
                || name.Contains("conv3", StringComparison.Ordinal))
                folded[name] = tensor;
        }
        foreach (string bias in old.Names
            .Where(
                name => name.EndsWith(".spm.conv1.bias", StringComparison.Ordinal)
                    || name.EndsWith(".spm.conv2.bias", StringComparison.Ordinal)))
        {
            string mean = bias.Replace(".conv", ".bn", StringComparison.Ordinal)
                .Replace(".bias", ".running_mean", StringComparison.Ordinal);
            folded[mean] = new HostTensor([.. old[mean].Floats.Zip(old[bias].Floats, (m, b) => m - b)], old[mean].Shape);
        }
        HostTensor input = Tiny.Input(1, 3, 33, 40);
        using var first = new SpNet(ArchitectureReader.Read(old, "old"), old, _device);
        using var second = new SpNet(ArchitectureReader.Read(folded, "new"), folded, _device);
        using var ignored = new SpNet(Tiny.Architecture, Without(old, "spm.conv1.bias", "spm.conv2.bias"), _device);
        float[] a = first.Forward(input).Floats;
        float largest = a.Max(MathF.Abs);
        Assert.True(Tiny.Difference(a, second.Forward(input).Floats) < 1e-4 * largest);
        Assert.True(Tiny.Difference(a, ignored.Forward(input).Floats) > 1e-3 * largest,
            "the biases make no difference, so the test shows nothing");
    }

    [Fact]
    public void LoadingIsStrictUnlessToldOtherwise()
    {
        StateDict state = Tiny.State();
        string exact = Save("exact", state);
        using (SpNet net = SpNet.Load(exact, _device))
            Assert.True(net.Report.IsExact);

        state["criterion.criterion.weight"] = new HostTensor(new float[4], 4);
        using (SpNet net = SpNet.Load(Save("criterion", state), _device))
            Assert.True(net.Report.IsExact);

        state["head.extra.weight"] = new HostTensor(new float[4], 4);
        StateDict damaged = Without(state, "pretrained.bn1.weight");
        damaged["head.trans_layer.1.bias"] = new HostTensor(new float[3], 3);
        string path = Save("damaged", damaged);
        WeightsException error = Assert.Throws<WeightsException>(() => SpNet.Load(path, _device));
        Assert.Contains("pretrained.bn1.weight", error.Message, StringComparison.Ordinal);
        using SpNet loose = SpNet.Load(path, _device, strict: false);
        Assert.Equal(["pretrained.bn1.weight"], loose.Report.Missing);
        Assert.Equal(["head.extra.weight"], loose.Report.Unexpected);
        Assert.Equal(["head.trans_layer.1.bias"], loose.Report.MisShaped.Select(m => m.Name));
        // Both replaced tensors have their initial values in the exact file too.
        using SpNet whole = SpNet.Load(exact, _device);
        HostTensor input = Tiny.Input(1, 3, 20, 20);
        Assert.Equal(whole.Forward(input).Floats, loose.Forward(input).Floats);
    }

    [Fact]
    public void OtherNetworksAreRefusedWithAdvice()
    {
        var backbone = new StateDict { ["fc.weight"] = new HostTensor(new float[1], 1) };
        string file = Save("backbone", backbone);
        Assert.Contains("without a segmentation head", Assert.Throws<WeightsException>(() => SpNet.Load(file, _device)).Message,
            StringComparison.Ordinal);
        StateDict noStage = Without(Tiny.State(), "layer3");
        Assert.Throws<WeightsException>(() => SpNet.Load(Save("no stage", noStage), _device));
        StateDict odd = Tiny.State();
        odd["head.score_layer.4.weight"] = new HostTensor(new float[5], 5);
        Assert.Throws<WeightsException>(() => SpNet.Load(Save("odd", odd), _device));
        StateDict wrongClasses = Tiny.State();
        wrongClasses["head.score_layer.4.bias"] = new HostTensor(new float[9], 9);
        Assert.Contains("score_layer.4.bias",
            Assert.Throws<WeightsException>(() => SpNet.Load(Save("classes", wrongClasses), _device)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void ClassesMustFitAByte(int classes) => Assert.Throws<ConfigurationException>(() => SpNetArchitecture.SpNet50(classes));

    [Fact]
    public void InitialValuesDependOnTheSeedAlone()
    {
        StateDict a = Tiny.State();
        StateDict b = Initializer.Initialize(SpNetGraph.Build(Tiny.Architecture with { Auxiliary = false }), 1);
        StateDict c = Initializer.Initialize(SpNetGraph.Build(Tiny.Architecture), 2);
        const string Filter = "pretrained.layer4.0.conv2.weight";
        Assert.Equal(a[Filter].Floats, b[Filter].Floats);
        Assert.NotEqual(a[Filter].Floats, c[Filter].Floats);
        // N(0, 2 / (9 * out)) over 9 * in * out values.
        float[] values = a[Filter].Floats;
        double deviation = Math.Sqrt(values.Average(v => (double)v * v));
        Assert.InRange(deviation / Math.Sqrt(2.0 / (9 * a[Filter].Shape[0])), 0.93, 1.07);
        float[] head = a["head.score_layer.4.weight"].Floats;
        Assert.InRange(head.Max(MathF.Abs) * Math.Sqrt(a["head.score_layer.4.weight"].Shape[1]), 0.8, 1.0);
        Assert.All(a["pretrained.bn1.weight"].Floats, v => Assert.Equal(1f, v));
        Assert.All(a["pretrained.bn1.running_mean"].Floats, v => Assert.Equal(0f, v));
        Assert.All(a["pretrained.bn1.running_var"].Floats, v => Assert.Equal(1f, v));
    }

    [Fact]
    public void ForwardChecksItsInput()
    {
        using SpNet net = Tiny.Net(_device);
        Assert.Throws<ShapeException>(() => net.Forward(new HostTensor(new float[27], 3, 3, 3)));
        Assert.Throws<ShapeException>(() => net.Forward(new HostTensor(new float[16], 1, 1, 4, 4)));
        Assert.Equal([2, 5, 1, 1], net.Forward(Tiny.Input(2, 3, 1, 1)).Shape);
    }

    private string Save(string name, StateDict state)
    {
        string path = Path.Combine(_folder, $"{name}.safetensors");
        SafeTensors.Write(path, state);
        return path;
    }

    private static StateDict Without(StateDict state, params string[] parts)
    {
        var rest = new StateDict();
        foreach ((string name, HostTensor tensor) in state)
        {
            if (!parts.Any(part => name.Contains(part, StringComparison.Ordinal)))
                rest[name] = tensor;
        }
        return rest;
    }

    [Fact]
    public void What_a_user_holds_can_be_printed()
    {
        using var device = Device.Open("cpu", new() { Threads = 1 });
        SpNetArchitecture architecture = SpNetArchitecture.SpNet50(1);
        const string words = "SPNet with stem 64 64 128, planes 64 128 256 512, blocks 3 4 6 3, 1 class";
        Assert.Equal(words, architecture.ToString());
        using (var net = SpNet.Random(architecture, device))
            Assert.Equal($"{words} on cpu", net.ToString());
        Assert.Equal($"cpu: {device.Description}", device.ToString());
        Assert.StartsWith("1 thread, ", device.Description, StringComparison.Ordinal);
        using var memory = device.Allocate(24);
        Assert.Equal("Tensor float32 1x2x3x4", new Tensor(memory, new Shape(1, 2, 3, 4)).ToString());
        Assert.Equal("Tensor uint8 1x2x3x4", new Tensor(memory, new Shape(1, 2, 3, 4), DataType.UInt8).ToString());
        Assert.Equal("HostTensor float32 1x3x64x64", new HostTensor(new float[3 * 64 * 64], 1, 3, 64, 64).ToString());
        Assert.Equal("HostTensor int64 scalar", new HostTensor(new long[1]).ToString());
        Assert.Equal("HostTensor uint8 2", new HostTensor(new byte[2], 2).ToString());
        Assert.Equal("StateDict of 1", new StateDict { ["x"] = new HostTensor(new byte[2], 2) }.ToString());
        Assert.Equal("Value image", new Graph().Input("image", channels: 3).ToString());
    }
}
