using System.Globalization;
using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests.Runs;

/// <summary>Small runs of the networks beside SPNet: from nothing, from a network for other classes, from a backbone.</summary>
public sealed class OtherNetworkRunTests : IDisposable
{
    /// <summary>Twenty steps, all at one rate.</summary>
    private static readonly string[] _short =
        ["epochs=10", "batch_size=5", "scale_min=1", "scale_max=1", "power=0", "base_lr=0.01", "head_lr_factor=1", "evaluate=false"];

    private readonly TinyRun _run = new();
    private readonly Device _device = Device.Open("cpu");

    public void Dispose()
    {
        _run.Dispose();
        _device.Dispose();
    }

    [Theory]
    [InlineData("spnet")]
    [InlineData("pspnet")]
    [InlineData("pspnet", "stem=[8]", "backbone=resnet18")]
    [InlineData("fcn", "stem=[8]")]
    [InlineData("fcn", "optimizer=adam", "base_lr=0.002")]
    [InlineData("deeplabv3", "stem=[8]")]
    [InlineData("ddrnet", "stem=[4]", "train_h=32", "train_w=64")]
    [InlineData("segnext", "planes=[4, 6, 8, 8]", "optimizer=adam", "base_lr=0.002")]
    public void TwentyStepsMakeTheLossSmaller(string arch, params string[] settings)
    {
        double[] losses = Train("out", [$"arch={arch}", .. _short, .. settings]);
        Assert.Equal(20, losses.Length);
        Assert.True(losses[^5..].Average() < losses[..5].Average(), string.Join(", ", losses));
        using var net = SegmentationNetwork.Load(_run.File("out/last.safetensors"), _device);
        Assert.True(net.Report.IsExact, net.Report.Summary);
        LabelMap map = net.Segment(RgbImage.Read(_run.File("pictures/images/00000.png")));
        Assert.Equal((64, 48), (map.Width, map.Height));
    }

    /// <summary>Widths, depths and names come from the weights, the number of classes from the configuration.</summary>
    [Theory]
    [InlineData("pspnet", NetworkSource.Semseg, SegmentationHead.PspNet, 3, 33)]
    [InlineData("pspnet", NetworkSource.Mmsegmentation, SegmentationHead.PspNet, 3, 32)]
    [InlineData("fcn", NetworkSource.Mmsegmentation, SegmentationHead.Fcn, 3, 32)]
    [InlineData("fcn", NetworkSource.Torchvision, SegmentationHead.Fcn, 1, 32)]
    [InlineData("deeplabv3", NetworkSource.Torchvision, SegmentationHead.DeepLabV3, 1, 32)]
    public void ANetworkForOtherClassesIsFineTuned(string arch, NetworkSource source, SegmentationHead head, int stem, int side)
    {
        var given = ResNetArchitecture.Of(head, source, classes: 9, stem == 1 ? [6] : [4, 6, 8], [4, 6, 8, 8], [1, 2, 1, 1]);
        StateDict weights = Initializer.Initialize(given.Build(), 4);
        SafeTensors.Write(_run.File("given.safetensors"), weights);
        string[] settings =
        [
            $"arch={arch}", $"weight={_run.File("given.safetensors")}", $"train_h={side}", $"train_w={side + 8}", "base_lr=1e-9",
        ];
        TrainWithoutWidths("out", [.. settings, "epochs=1"]);
        using (var file = WeightsFile.Open(_run.File("out/last.safetensors")))
        {
            var read = SegmentationArchitecture.Read(file, "out");
            Assert.Equal((given with { Classes = LabelledPictures.Classes }).Title, read.Title);
            const string Block = "layer2.1.conv2.weight";
            string name = source == NetworkSource.Semseg ? Block : $"backbone.{Block}";
            float change = weights[name].Floats.Zip(file.Load(name).Floats, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(change < 1e-4, $"the rate is next to nothing, and weights have changed by {change}");
        }
        // It goes on by the keys of its checkpoint, though the weights are gone.
        File.Delete(_run.File("given.safetensors"));
        TrainWithoutWidths("out", [.. settings, "epochs=2"], "auto");
    }

    [Theory]
    [InlineData("fcn", true, "", "conv1", "bn1")]
    [InlineData("pspnet", false, "", "conv1", "bn1")]
    [InlineData("pspnet", true, "backbone.", "stem.0 stem.3 stem.6", "stem.1 stem.4 stem.7")]
    [InlineData("pspnet", true, "", "conv1 conv2 conv3", "bn1 bn2 bn3")]
    [InlineData("fcn", false, "module.", "conv1.0 conv1.3 conv1.6", "conv1.1 conv1.4 bn1")]
    public void ABackboneIsTakenUnderAnyNames(string arch, bool bottlenecks, string prefix, string convolutions, string norms)
    {
        string[] from = convolutions.Split(' '), fromNorms = norms.Split(' ');
        var whole = ResNetArchitecture.Of(
            SegmentationHead.PspNet, NetworkSource.Mmsegmentation, 5, [.. from.Select(_ => 8)], [8, 12, 16, 20], [1, 2, 1, 3], bottlenecks);
        StateDict trained = Initializer.Initialize(whole.Build(), 7);
        var backbone = new StateDict { [$"{prefix}fc.weight"] = new HostTensor(new float[4], 2, 2) };
        foreach ((string name, HostTensor tensor) in trained)
        {
            if (!name.StartsWith("backbone.", StringComparison.Ordinal))
                continue;
            string own = name["backbone.".Length..];
            for (int i = 0; i < from.Length; i++)
            {
                string conv = from.Length == 1 ? "conv1" : $"stem.{3 * i}", norm = from.Length == 1 ? "bn1" : $"stem.{3 * i + 1}";
                own = own.StartsWith($"{conv}.", StringComparison.Ordinal) ? from[i] + own[conv.Length..]
                    : own.StartsWith($"{norm}.", StringComparison.Ordinal) ? fromNorms[i] + own[norm.Length..] : own;
            }
            backbone[prefix + own] = tensor;
        }
        string file = _run.File("backbone.safetensors");
        SafeTensors.Write(file, backbone);
        TrainingConfiguration c = StartingNetwork.Settle(new() { Classes = 5, Arch = arch, Weight = file }, checkpoint: null);
        SegmentationArchitecture architecture = Recipe.Architecture(c);
        (StateDict state, _) = InitialWeights.Make(architecture.Build(), 3, file);
        var found = (ResNetArchitecture)architecture;
        Assert.Equal(
            [.. whole.Stem, .. whole.Planes, .. whole.Blocks, bottlenecks ? 1 : 0],
            [.. found.Stem, .. found.Planes, .. found.Blocks, found.Bottlenecks ? 1 : 0]);
        string prefixOfOwn = from.Length == 1 ? "backbone.conv1" : "backbone.stem.0";
        foreach (string taken in (string[])[$"{prefixOfOwn}.weight", "backbone.layer3.0.bn2.running_var", "backbone.layer1.0.conv2.weight"])
            Assert.Equal(trained[taken].Floats, state[taken].Floats);
    }

    [Fact]
    public void ACropThatTheNetworkIsNotMadeForIsRefusedWithTheNextThatItIs()
    {
        string message = Assert.Throws<ConfigurationException>(
            () => Train("out", "arch=ddrnet", "stem=[4]", "train_h=33", "train_w=64")).Message;
        Assert.Contains("train_h=40", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spnet")]
    [InlineData("fcn", "note: fcn does without pools, skip, spm_on")]
    [InlineData("ddrnet", "note: ddrnet does without backbone, planes, blocks, pools, skip, spm_on")]
    public void SettingsOfOtherNetworksAreNoted(string arch, params string[] notes)
    {
        Train("out", $"arch={arch}", "epochs=1", "evaluate=false", "train_w=32", "pools=[3,2]", "skip=true", "spm_on=false",
            "backbone=resnet101");
        string[] found = [.. _run.Lines.Where(line => line.StartsWith("note", StringComparison.Ordinal))];
        Assert.Equal(notes, found);
        Assert.All(found, line => Assert.True(line.Length <= 80, line));
    }

    private double[] Train(string folder, params string[] settings)
    {
        TrainingRun.Run(_run.Configuration(settings), _device, _run.Options(folder));
        return
        [
            .. File.ReadLines(_run.File($"{folder}/log.csv")).Skip(1)
                .Select(line => double.Parse(line.Split(',')[3], CultureInfo.InvariantCulture)),
        ];
    }

    private void TrainWithoutWidths(string folder, string[] settings, string? resume = null) => TrainingRun.Run(
        _run.Configuration(settings) with { Stem = null, Planes = null, Blocks = null }, _device, _run.Options(folder, resume));
}
