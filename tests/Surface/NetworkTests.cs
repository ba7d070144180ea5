using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Onnx;

namespace SpGpu.Surface.Tests;

/// <summary>Networks from the parts of SPNet, and weights from files and from elsewhere.</summary>
public sealed class NetworkTests : IDisposable
{
    private static readonly SpNetArchitecture _small =
        SpNetArchitecture.Of(classes: 5, stem: [4, 4, 8], planes: [4, 4, 8, 8], blocks: [1, 1, 1, 1]);
    private readonly TemporaryFolder _folder = new();
    private readonly Device _device = Device.Open("cpu");

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_parts_of_the_network_are_layers_for_others()
    {
        var g = new Graph();
        IReadOnlyList<Value> stages = g.Backbone(g.Input("image", channels: 3), "pretrained", _small);
        Value joined = g.PyramidPooling(stages[^1], "pyramid");
        g.Output("logits", g.Upsample(g.SpHead(joined, "head", classes: 5, pools: (6, 4)), (32, 32)));
        g.Output("aux", g.Softmax(g.FcnHead(stages[^2], "aux", classes: 5)));
        using var network = new Network(g, new Constant(g), _device);
        IReadOnlyDictionary<string, HostTensor> results = network.Run(("image", new HostTensor(new float[3 * 32 * 32], 1, 3, 32, 32)));
        Assert.Equal([1, 5, 32, 32], results["logits"].Shape);
        Assert.Equal([1, 5, 4, 4], results["aux"].Shape);
    }

    [Fact]
    public void A_network_of_ones_own_segments_pictures_like_any()
    {
        var g = new Graph();
        Value x = g.ConvBnRelu(g.Input("photo", channels: 3), "stem", 8, kernel: 3, stride: 2);
        g.Output("classes", g.Conv(x * g.Spm(x, "spm"), "score", channels: 4, kernel: 1));
        using var network = new Network(g, Initializer.Initialize(g, seed: 1), _device);
        var conventions = new PictureConventions { Resize = ResizeRule.HalfPixel, Sizes = new SizeRule(8, 0) };
        using var segmenter = new Segmenter(network, conventions);
        var image = new RgbImage(new byte[3 * 30 * 20], 30, 20, 90, PixelOrder.Rgb);
        LabelMap map = segmenter.Segment(image, new() { Window = 16, Flip = true, Confidence = true });
        Assert.Equal((30, 20, 4), (map.Width, map.Height, segmenter.Classes));
        Assert.All(map.Confidence!, value => Assert.InRange(value, 0.25f, 1));
        Assert.Equal(2, segmenter.Segment([image, image]).Count);
    }

    [Fact]
    public void Norms_of_single_images_and_decompositions_are_layers_too()
    {
        var g = new Graph();
        Value x = g.Input("x", channels: 4);
        Value y = g.LayerNorm(x, "layer");
        g.Output("layer", y);
        g.Output("group", g.GroupNorm(g.LayerScale(y, "scale"), "group", groups: 2));
        g.Output("decomposed", g.MatrixDecomposition(x, "ham", rank: 1, steps: 3));
        Assert.Equal(
            ["layer.weight", "layer.bias", "scale", "group.weight", "group.bias"], g.Parameters.Select(parameter => parameter.Name));
        using var network = new Network(g, Initializer.Initialize(g, seed: 1), _device);
        // Of rank 1, and so all that one basis can tell.
        HostTensor given = new([1f, 2, 2, 4, 3, 6, 4, 8], 1, 4, 1, 2);
        IReadOnlyDictionary<string, HostTensor> results = network.Run(("x", given));
        Assert.Equal(-1.5 / Math.Sqrt(1.25), results["layer"].Floats[0], 1e-4);
        Assert.All(given.Floats.Zip(results["decomposed"].Floats), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal(0, results["group"].Floats[..4].Sum(), 1e-4);
    }

    [Fact]
    public void Adam_takes_the_place_of_the_usual_steps()
    {
        var g = new Graph();
        g.Output("logits", g.Conv(g.Input("image", channels: 1), "score", 2, 1));
        var options = new TrainingOptions { Losses = [new("logits", 1)], Adam = new AdamOptions { Beta2 = 0.99f }, AverageDecay = 0.9 };
        using var network = new TrainingNetwork(g, new Constant(g), _device, options);
        var losses = new double[20];
        for (int step = 0; step < losses.Length; step++)
        {
            var loss = new LossValue[1];
            network.Accumulate(1, 1, 4, [-2, -1, 1, 2], [0, 0, 1, 1], loss);
            network.Update([0.1f]);
            losses[step] = loss[0].Value;
        }
        Assert.True(losses[^1] < losses[0] / 3, string.Join(", ", losses));
        Assert.Contains("score.weight.exp_avg_sq", network.Momenta().Names);
        Assert.Equal(network.State().Names, network.Average()!.Names);
    }

    [Fact]
    public void A_file_says_what_it_holds_and_what_does_not_fit()
    {
        string file = _folder.File("net.safetensors");
        StateDict state = Initializer.Initialize(SpNetGraph.Build(_small), seed: 1);
        TrainedOn pictures = TrainedOn.Of([_folder.File("a/2.png"), _folder.File("b/1.png")]);
        SpNetArchitecture written = _small with { Pools = (8, 4), TrainedSizes = SpNetArchitecture.SizesLike((97, 33)) };
        Dictionary<string, string> metadata = new(ArchitectureReader.Metadata(written).Concat(pictures.Metadata));
        SafeTensors.Write(file, state, metadata);
        using var weights = WeightsFile.Open(file);
        Assert.Equal(pictures, TrainedOn.Read(weights.Metadata));
        Assert.Equal(pictures, TrainedOn.Of(["elsewhere/b/1.png", "elsewhere/a/2.png"]));
        Assert.NotEqual(pictures, TrainedOn.Of(["elsewhere/a/1.png", "elsewhere/a/2.png"]));
        TensorDescription first = weights.Entries[0];
        Assert.Equal("F32", first.ElementType);
        Assert.Equal(weights.ShapeOf(first.Name), first.Shape);
        Assert.Empty(weights.FindUnusable());
        SpNetArchitecture read = ArchitectureReader.Read(weights, file);
        Assert.Equal(((8, 4), "8n + 1"), (read.Pools, read.Sizes.ToString()));

        IReadOnlyList<ParameterInfo> expected = SpNetGraph.Build(_small with { Classes = 6 }).Parameters;
        LoadReport report = LoadReport.Compare(weights, expected);
        Assert.False(report.IsExact);
        ShapeMismatch mismatch = report.MisShaped[0];
        Assert.Equal((5, 6), (mismatch.Found[0], mismatch.Expected[0]));
        Assert.Throws<WeightsException>(() => report.ThrowIfInexact(file));
    }

    [Fact]
    public void Converting_tells_which_tensors_no_network_can_use()
    {
        SafeTensors.Write(_folder.File("a.safetensors"), new StateDict { ["x"] = new HostTensor([1, float.NaN], 2) });
        using var weights = WeightsFile.Open(_folder.File("a.safetensors"));
        UnusableTensor unusable = Assert.Single(weights.Convert(_folder.File("b.safetensors")));
        Assert.Equal(("x", "holds NaN or infinity"), (unusable.Name, unusable.Problem));
        Assert.Equal(2, SafeTensors.Read(_folder.File("b.safetensors"))["x"].Count);
    }

    [Fact]
    public void A_network_is_profiled_and_written_for_other_engines()
    {
        using SpNet net = SpNet.Random(_small, _device, seed: 1);
        Profile profile = net.Profile(new Shape(1, 3, 32, 32), runs: 1, TestContext.Current.CancellationToken);
        // Only CUDA tells of launches, and only CUDA replays them.
        IReadOnlyList<KernelLaunch> launches = profile.Launches;
        Assert.Empty(launches);
        Assert.Null(profile.ReplayedMilliseconds);
        TraceFile.Write(_folder.File("trace.json"), profile, "a small network");
        Assert.Contains("traceEvents", File.ReadAllText(_folder.File("trace.json")), StringComparison.Ordinal);
        NetworkWeights.Random(_small, seed: 1).ExportOnnx(_folder.File("net.onnx"), (32, 32));
        Assert.True(new FileInfo(_folder.File("net.onnx")).Length > 1000);
    }

    [Fact]
    public void Networks_of_other_sources_are_opened_by_their_keys()
    {
        var architecture = ResNetArchitecture.Of(
            SegmentationHead.PspNet, NetworkSource.Semseg, classes: 5, stem: [4, 4, 8], planes: [4, 4, 8, 8], blocks: [1, 1, 1, 1]);
        SafeTensors.Write(_folder.File("psp.safetensors"), Initializer.Initialize(architecture.Build(), seed: 1));
        using var net = SegmentationNetwork.Load(_folder.File("psp.safetensors"), _device);
        SegmentationArchitecture read = net.Architecture;
        Assert.Equal((architecture.Title, ResizeRule.CornerAligned), (read.Title, read.Resize));
        SizeRule sizes = read.Sizes;
        Assert.Equal(new Size2D(33, 41), sizes.AtLeast((32, 36)));
        Assert.Equal("half-pixel", DdrNetArchitecture.Slim(19).Conventions["network.resize"]);
        Assert.Equal("PSPNet-101 (semseg), 19 classes",
            ResNetArchitecture.Published(SegmentationHead.PspNet, NetworkSource.Semseg, depth: 101, classes: 19).Title);
        Assert.Equal("DDRNet-23-slim (mmsegmentation), 19 classes", DdrNetArchitecture.Slim(classes: 19).Title);
        Assert.Equal("SegNeXt-T (mmsegmentation), 150 classes", SegNextArchitecture.T(classes: 150).Title);
    }

    [Fact]
    public void A_network_knows_what_its_classes_are_called()
    {
        var classes = new NetworkClasses(new(Enumerable.Range(0, _small.Classes).Select(index => $"thing {index}")), Colours: null);
        StateDict state = Initializer.Initialize(SpNetGraph.Build(_small), seed: 1);
        SafeTensors.Write(_folder.File("named.safetensors"), state, classes.Metadata);
        using var net = SpNet.Load(_folder.File("named.safetensors"), _device);
        Assert.Equal("thing 1", net.Classes.Names![1]);
        Assert.Null(net.Classes.Colours);
    }

    /// <summary>Tensors that come from nowhere.</summary>
    private sealed class Constant(Graph graph) : ITensorSource
    {
        private readonly Dictionary<string, IReadOnlyList<int>> _shapes =
            graph.Parameters.ToDictionary(info => info.Name, info => info.Shape);

        public IEnumerable<string> Names => _shapes.Keys;

        public IReadOnlyList<int>? ShapeOf(string name) => _shapes.GetValueOrDefault(name);

        public HostTensor Load(string name)
        {
            var values = new float[_shapes[name].Aggregate(1, (product, extent) => product * extent)];
            Array.Fill(values, 0.01f);
            return new HostTensor(values, _shapes[name]);
        }
    }
}
