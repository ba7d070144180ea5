using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Golden;

/// <summary>
/// Networks of other sources at full width against their own code (data/zoo/README.md). A second or two each on the CPU; too
/// slow for ILGPU's CPU accelerator.
/// </summary>
public sealed class PublicNetworkTests(DeviceFixture fixture)
{
    public static TheoryData<string, int, int> Cases => new()
    {
        { "semseg-pspnet50", 65, 97 },
        { "semseg-pspnet50", 97, 129 },
        { "torchvision-fcn-resnet50", 65, 97 },
        { "torchvision-fcn-resnet50", 64, 96 },
        { "torchvision-deeplabv3-resnet50", 64, 96 },
        { "torchvision-deeplabv3-resnet50", 257, 320 },
        { "mmseg-pspnet-r50-d8", 65, 97 },
        { "mmseg-pspnet-r50-d8", 64, 128 },
        { "mmseg-pspnet-r18-d8", 65, 97 },
        { "mmseg-pspnet-r18-d8", 64, 128 },
        { "mmseg-fcn-r50-d8", 65, 97 },
        { "mmseg-fcn-r50-d8", 64, 128 },
        { "mmseg-ddrnet23-slim", 64, 128 },
        { "mmseg-ddrnet23-slim", 264, 392 },
        { "mmseg-segnext-mscan-t", 65, 97 },
        { "mmseg-segnext-mscan-t", 192, 256 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void LogitsEqualThoseOfItsOwnCode(string name, int height, int width)
    {
        Assert.SkipWhen(DeviceFixture.Name == "ilgpu-cpu", "a full network is too slow for ILGPU's CPU accelerator");
        // An OpenCL device without a GPU takes minutes for all of them.
        Assert.SkipWhen(
            DeviceFixture.Name.StartsWith("opencl", StringComparison.Ordinal) && height * width > 10_000
                && Environment.GetEnvironmentVariable("SPGPU_FULL") is not { Length: > 0 },
            "the larger of two pictures runs on OpenCL where SPGPU_FULL is set");
        (SegmentationArchitecture architecture, StateDict state) = Network(name);
        StateDict expected = SafeTensors.Read(Path.Combine(Folder(name), "expected.safetensors"));
        string size = FormattableString.Invariant($"{height}x{width}");
        HostTensor input = FormulaNetwork.Input(height, width);
        using (var network = new Network(architecture.Build(), state, fixture.Device, "score"))
        {
            HostTensor score = network.Run(("image", input))["score"];
            AssertClose(expected[$"logits_{size}"], expected[$"largest_{size}"].Floats[0], score);
        }
        using var net = new SegmentationNetwork(architecture, state, fixture.Device);
        Assert.True(net.Report.IsExact, net.Report.Summary);
        float[] logits = net.Forward(input).Floats;
        int differing = LabelCount.Differing(logits, (byte[])expected[$"argmax_{size}"].Data, architecture.Classes);
        Assert.InRange(differing, 0, height * width / 1000);
    }

    [Theory]
    [InlineData("semseg-pspnet50", "PSPNet-50 (semseg), 150 classes")]
    [InlineData("torchvision-fcn-resnet50", "FCN-50 (torchvision), 21 classes")]
    [InlineData("torchvision-deeplabv3-resnet50", "DeepLabV3-50 (torchvision), 21 classes")]
    [InlineData("mmseg-pspnet-r50-d8", "PSPNet-50 (mmsegmentation), 19 classes")]
    [InlineData("mmseg-pspnet-r18-d8", "PSPNet-18 (mmsegmentation), 19 classes")]
    [InlineData("mmseg-fcn-r50-d8", "FCN-50 (mmsegmentation), 19 classes")]
    [InlineData("mmseg-ddrnet23-slim", "DDRNet-23-slim (mmsegmentation), 19 classes")]
    [InlineData("mmseg-segnext-mscan-t", "SegNeXt-T (mmsegmentation), 150 classes")]
    public void KeysTellTheNetwork(string name, string title)
    {
        string[][] rows = [.. File.ReadLines(Path.Combine(Folder(name), "keys.tsv")).Skip(1).Select(line => line.Split('\t'))];
        SegmentationArchitecture architecture = Architecture(name);
        Assert.Equal(title, architecture.Title);
        Dictionary<string, string> parameters = architecture.Build().Parameters.ToDictionary(
            parameter => parameter.Name, parameter => parameter.IsInteger ? "" : string.Join('x', parameter.Shape));
        Assert.Equal(rows.OrderBy(row => row[0], StringComparer.Ordinal).Select(row => $"{row[0]} {row[1]}"),
            parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"));
    }

    [Fact]
    public void BasesThatAreDrawnAreThoseOfTheExpectedLogits()
    {
        StateDict expected = SafeTensors.Read(Path.Combine(Folder("mmseg-segnext-mscan-t"), "expected.safetensors"));
        MatrixDecomposition decomposition = Architecture("mmseg-segnext-mscan-t").Build().Nodes
            .Select(node => node.Specification).OfType<MatrixDecomposition>().Single();
        Assert.Equal(expected["bases"].Floats, decomposition.Bases(256));
    }

    /// <summary>The network that the table of keys is of.</summary>
    private static SegmentationArchitecture Architecture(string name) =>
        SegmentationArchitecture.Read(new KeyTable(Path.Combine(Folder(name), "keys.tsv")), name);

    private static (SegmentationArchitecture, StateDict) Network(string name)
    {
        SegmentationArchitecture architecture = Architecture(name);
        string halved = architecture is ResNetArchitecture net ? net.Bottlenecks ? ".bn3." : ".bn2." : "";
        return (architecture, FormulaNetwork.Weights(architecture, Folder(name), halved));
    }

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "data", "zoo", name);

    /// <summary>Every 4th row and column where there are more than 200 pixels.</summary>
    private static void AssertClose(HostTensor sampled, double largest, HostTensor score)
    {
        int classes = score.Shape[1], rows = score.Shape[2], columns = score.Shape[3], step = rows * columns > 200 ? 4 : 1;
        int i = 0;
        for (int c = 0; c < classes; c++)
        {
            for (int y = 0; y < rows; y += step)
            {
                for (int x = 0; x < columns; x += step)
                    Assert.InRange(Math.Abs(sampled.Floats[i++] - score.Floats[(c * rows + y) * columns + x]), 0, 2e-4 * largest);
            }
        }
        Assert.Equal(sampled.Count, i);
    }
}
