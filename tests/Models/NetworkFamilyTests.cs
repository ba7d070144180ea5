using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Tests.Weights;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Any network that is known is opened by its keys, under any wrapper, from either format.</summary>
public sealed class NetworkFamilyTests : IDisposable
{
    private readonly Device _device = Device.Open("cpu");
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-families").FullName;

    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void KeysTellWhatWasBuilt(string name)
    {
        SegmentationArchitecture architecture = TinyNetworks.All[name];
        var read = SegmentationArchitecture.Read(Initializer.Initialize(architecture.Build(), 1), "memory");
        Assert.Equal(architecture.Title, read.Title);
        Assert.Equal(Shapes(architecture), Shapes(read));
        SegmentationArchitecture without = architecture with { Auxiliary = false };
        read = SegmentationArchitecture.Read(Initializer.Initialize(without.Build(), 1), "memory");
        Assert.False(read.Auxiliary);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WrappersAndFormatsMakeNoDifference(string name)
    {
        SegmentationArchitecture architecture = TinyNetworks.All[name];
        StateDict state = Initializer.Initialize(architecture.Build(), 1);
        HostTensor input = Tiny.Input(1, 3, 64, 64);
        float[] expected;
        using (var net = new SegmentationNetwork(architecture, state, _device))
            expected = net.Forward(input).Floats;
        foreach (string prefix in new[] { "", "module.", "model.", "net._orig_mod.module." })
        {
            string path = Path.Combine(_folder, "net.safetensors");
            SafeTensors.Write(path, CheckpointBuilder.Prefixed(prefix, state));
            using var net = SegmentationNetwork.Load(path, _device);
            Assert.Equal(expected, net.Forward(input).Floats);
        }
        string pth = Path.Combine(_folder, "net.pth");
        File.WriteAllBytes(pth, new CheckpointBuilder().Add(state, "state_dict").Zip());
        using var other = SegmentationNetwork.Load(pth, _device);
        Assert.True(other.Report.IsExact, other.Report.Summary);
        Assert.Equal(architecture.Title, other.Architecture.Title);
        Assert.Equal(expected, other.Forward(input).Floats);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PicturesOfAnySizeAreSegmented(string name)
    {
        using var net = SegmentationNetwork.Random(TinyNetworks.All[name], _device);
        var picture = new RgbImage([.. Enumerable.Range(0, 3 * 61 * 43).Select(i => (byte)(i * 7 % 256))], 61, 43, 3 * 61, PixelOrder.Rgb);
        LabelMap map = net.Segment(picture);
        Assert.Equal((61, 43), (map.Width, map.Height));
        map = net.Segment(picture, new SegmentOptions { Window = 40, Flip = true, Scales = [0.75, 1] });
        Assert.Equal((61, 43), (map.Width, map.Height));
    }

    [Theory]
    [InlineData("conv1.weight")]
    [InlineData("stem.0.weight", "stem.3.weight", "stem.6.weight")]
    [InlineData("conv1.0.weight", "conv1.3.weight", "conv1.6.weight")]
    public void ABackboneAloneIsNamedAsSuch(params string[] stem)
    {
        var state = new StateDict { ["layer1.0.conv1.weight"] = new HostTensor(new float[1], 1, 1, 1, 1) };
        foreach (string name in stem)
            state[name] = new HostTensor(new float[1], 1, 1, 1, 1);
        Assert.Contains("a backbone without a segmentation head",
            Assert.Throws<WeightsException>(() => SegmentationArchitecture.Read(state, "memory")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnSpNetIsNoOtherNetwork()
    {
        string path = Path.Combine(_folder, "other.safetensors");
        SafeTensors.Write(path, Initializer.Initialize(TinyNetworks.All["semseg pspnet"].Build(), 1));
        string message = Assert.Throws<WeightsException>(() => SpNet.Load(path, _device)).Message;
        Assert.Contains("PSPNet", message, StringComparison.Ordinal);
        Assert.Contains("SegmentationNetwork.Load", message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Shapes(SegmentationArchitecture architecture) =>
        architecture.Build().Parameters.Select(parameter => $"{parameter.Name} {HostTensor.Describe(parameter.Shape)}");

    [Theory]
    [InlineData(8, 1, 64, 65)]
    [InlineData(8, 1, 65, 65)]
    [InlineData(8, 1, 1, 9)]
    [InlineData(8, 0, 1, 8)]
    [InlineData(8, 0, 17, 24)]
    [InlineData(1, 0, 17, 17)]
    public void SizesAreEnlargedToTheNextOfTheRule(int multiple, int rest, int extent, int expected)
    {
        var rule = new SizeRule(multiple, rest);
        Assert.Equal(new Size2D(expected, expected), rule.AtLeast(extent));
        Assert.Equal(extent == expected, rule.Fits(extent));
    }
}
