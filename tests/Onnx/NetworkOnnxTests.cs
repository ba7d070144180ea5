using Microsoft.ML.OnnxRuntime;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Tests;
using Xunit;

namespace SpGpu.Onnx.Tests;

/// <summary>Whole networks as ONNX files.</summary>
public sealed class NetworkOnnxTests : IDisposable
{
    /// <summary>The depth and placement of SPNet-50 with few channels.</summary>
    private static readonly SpNetArchitecture _layout50 = SpNetArchitecture.Of(7, [8, 8, 16], [8, 12, 16, 20], [3, 4, 6, 3]);

    private static readonly SpNetArchitecture _small =
        SpNetArchitecture.Of(5, [4, 4, 8], [4, 4, 8, 16], [1, 2, 1, 3]) with { Auxiliary = false, SpmStripBias = true, Pools = (7, 3) };

    private static readonly SpNetArchitecture _skip = _small with { Skip = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, 65, 97)]
    [InlineData(true, 64, 64)]
    [InlineData(true, 97, 65)]
    [InlineData(true, 129, 65)]
    // Every bin of one size.
    [InlineData(true, 480, 480)]
    [InlineData(false, 65, 97)]
    [InlineData(false, 64, 64)]
    [InlineData(false, 97, 65)]
    [InlineData(false, 129, 65)]
    [InlineData(false, 1, 1)]
    public void OnnxRuntimeGivesTheSameLogits(bool is50, int height, int width)
    {
        NetworkWeights weights = Weights(is50 ? _layout50 : _small);
        using var runtime = new RuntimeModel(Export(weights, (height, width)));
        HostTensor image = Networks.Input(1, 3, height, width);
        using var device = Device.Open("cpu", new() { Threads = 1 });
        using var network = new Network(weights.Architecture.Build(), weights.State, device, "score");
        HostTensor logits = runtime.Run(("image", image))["logits"];
        Networks.Same(network.Run(("image", image))["score"], logits);
        Assert.Equal([1, weights.Architecture.Classes, (height + 7) / 8, (width + 7) / 8], logits.Shape);
    }

    [Theory]
    [InlineData(65, 97)]
    [InlineData(64, 48)]
    [InlineData(1, 1)]
    public void OnnxRuntimeGivesTheSameLogitsWithASkip(int height, int width)
    {
        NetworkWeights weights = Weights(_skip);
        using var runtime = new RuntimeModel(Export(weights, (height, width)));
        HostTensor image = Networks.Input(1, 3, height, width);
        using var device = Device.Open("cpu", new() { Threads = 1 });
        using var network = new Network(SpNetGraph.Build(_skip), weights.State, device, "score");
        HostTensor logits = runtime.Run(("image", image))["logits"];
        Networks.Same(network.Run(("image", image))["score"], logits);
        Assert.Equal([1, 5, (height + 3) / 4, (width + 3) / 4], logits.Shape);
    }

    [Fact]
    public void TheFileSaysHowItIsUsed()
    {
        using var runtime = new RuntimeModel(Export(Weights(_small), (65, 97)));
        (string input, NodeMetadata image) = runtime.Inputs.Single();
        (string output, NodeMetadata logits) = runtime.Outputs.Single();
        Assert.Equal(("image", "logits"), (input, output));
        Assert.Equal([1, 3, 65, 97], image.Dimensions);
        Assert.Equal([1, 5, 9, 13], logits.Dimensions);
        Dictionary<string, string> metadata = runtime.Metadata.CustomMetadataMap;
        Assert.DoesNotContain("names", metadata.Keys);
        Assert.Equal("123.675, 116.28, 103.53", metadata["mean"]);
        Assert.Equal("58.395, 57.12, 57.375", metadata["std"]);
        Assert.Contains("123.675, 116.28, 103.53", runtime.Metadata.Description, StringComparison.Ordinal);
        Assert.Equal("SpGpu", runtime.Metadata.ProducerName);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void OnnxRuntimeGivesTheSameLogitsOfEveryNetwork(string name)
    {
        SegmentationArchitecture architecture = TinyNetworks.All[name];
        NetworkWeights weights = NetworkWeights.Random(architecture) with { State = Networks.State(architecture.Build()) };
        Size2D size = architecture.Sizes.AtLeast((90, 64));
        using var runtime = new RuntimeModel(Export(weights, size));
        HostTensor image = Networks.Input(1, 3, size.Height, size.Width);
        using var device = Device.Open("cpu", new() { Threads = 1 });
        using var network = new Network(architecture.Build(), weights.State, device, "score");
        Networks.Same(network.Run(("image", image))["score"], runtime.Run(("image", image))["logits"]);
        Dictionary<string, string> metadata = runtime.Metadata.CustomMetadataMap;
        Assert.Equal(architecture.Name, metadata["network"]);
        Assert.Equal(architecture.Resize == ResizeRule.HalfPixel ? "half_pixel" : "align_corners", metadata["resize"]);
    }

    public static TheoryData<string> Others => [.. TinyNetworks.All.Keys];

    [Fact]
    public void TheFileNamesClassesAsTheWeightsDo()
    {
        NetworkWeights plain = Weights(_small);
        var state = new StateDict { Metadata = new NetworkClasses(new(["a", "b", "c", "d", "e"]), Palette.Distinct(5)).Metadata };
        foreach (string name in plain.State.Names)
            state[name] = plain.State.Load(name);
        using var runtime = new RuntimeModel(Export(plain with { State = state }, (65, 97)));
        Assert.Equal("a\nb\nc\nd\ne", runtime.Metadata.CustomMetadataMap["names"]);
        Assert.Equal("000000 800000 008000 808000 000080", runtime.Metadata.CustomMetadataMap["colors"]);
    }

    [Fact]
    public void TheSameNetworkIsTheSameFile()
    {
        byte[] first = Export(Weights(_small), (65, 97));
        Assert.Equal(first, Export(Weights(_small), (65, 97)));
        Assert.NotEqual(first, Export(Weights(_small), (97, 65)));
    }

    [Fact]
    public void NoNodeIsSuperfluous()
    {
        string[] types = OnnxNodes.Types(Export(Weights(_layout50), (480, 480)));
        // Convolutions: 3 of the stem, 52 of the bottlenecks, 18 of the strip pooling modules, 23 of the head. Pools: two
        // strips a module and two grids a mixed one. Sums: 8 of strips, 18 residuals, two a pyramid.
        Assert.Equal(
            ["Add 30", "AveragePool 20", "Concat 2", "Conv 96", "MaxPool 1", "Mul 6", "Relu 73", "Resize 4", "Sigmoid 6"],
            types.CountBy(type => type).Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ASizeThatTheNetworkCannotTakeLeavesNoFile()
    {
        string path = Path.Combine(_folder, "large.onnx");
        Assert.Throws<ShapeException>(() => Weights(_small).ExportOnnx(path, (65536, 65536)));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static NetworkWeights Weights(SpNetArchitecture architecture) =>
        NetworkWeights.Random(architecture) with { State = Networks.State(SpNetGraph.Build(architecture)) };

    private byte[] Export(NetworkWeights weights, Size2D size)
    {
        string path = Path.Combine(_folder, "net.onnx");
        weights.ExportOnnx(path, size);
        return File.ReadAllBytes(path);
    }
}
