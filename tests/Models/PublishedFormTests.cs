using SpGpu.Data;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Tests.Weights;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>
/// Checkpoints as those who publish networks write them, with a tiny network of each kind inside: its logits are those of the
/// same tensors without anything around them.
/// </summary>
public sealed class PublishedFormTests : IDisposable
{
    private static readonly string[] _names = ["road", "sidewalk", "building", "wall", "fence"];
    private static readonly Rgb[] _colours = [.. Palette.Cityscapes.Take(5)];

    private readonly Device _device = Device.Open("cpu");
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-published").FullName;

    public static TheoryData<string> Networks => [.. TinyNetworks.All.Keys];

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void They_give_the_network_and_what_they_say_of_the_classes(string name)
    {
        SegmentationArchitecture architecture = TinyNetworks.All[name];
        StateDict state = Initializer.Initialize(architecture.Build(), 5);
        HostTensor input = Tiny.Input(1, 3, 64, 64);
        float[] expected;
        using (var net = new SegmentationNetwork(architecture, state, _device))
            expected = net.Forward(input).Floats;
        Assert.All(Forms(state), form =>
        {
            string path = Path.Combine(_folder, "net.pth");
            File.WriteAllBytes(path, form.File);
            using var net = SegmentationNetwork.Load(path, _device);
            Assert.True(net.Report.IsExact, net.Report.Summary);
            Assert.Equal(architecture.Title, net.Architecture.Title);
            Assert.Equal(expected, net.Forward(input).Floats);
            Assert.Equal(form.HasNames ? _names : null, net.Classes.Names);
            Assert.Equal(form.HasNames ? _colours : null, net.Classes.Colours);
        });
    }

    private static (byte[] File, bool HasNames)[] Forms(StateDict state) =>
    [
        // torchvision: the state dict alone.
        (new CheckpointBuilder().Add(state).Legacy(), false),
        // semseg: of parallel training, with the state of the optimiser.
        (new CheckpointBuilder().Add("epoch", value => value.Integer(100)).Add(CheckpointBuilder.Prefixed("module.", state), "state_dict")
            .Add("optimizer", value => value.Op("}").Text("param_groups").Op("]s")).Legacy(), false),
        // mmsegmentation before 1.0, with mmcv's runner.
        (new CheckpointBuilder().Add("meta", value =>
        {
            value.Op("}").Text("config").Text("norm_cfg = dict(type='SyncBN')\n").Op("s").Text("CLASSES").Op("(");
            foreach (string name in _names)
                value.Text(name);
            value.Op("ts").Text("PALETTE");
            AddColours(value).Op("s");
        }).Add(state, "state_dict").Legacy(), true),
        // mmsegmentation from 1.0 on, with mmengine.
        (new CheckpointBuilder().Add("meta", value =>
        {
            value.Op("}").Text("dataset_meta").Op("}").Text("classes").Op("(");
            foreach (string name in _names)
                value.Text(name);
            value.Op("ts").Text("palette");
            AddColours(value).Op("s").Text("label_map").Op("Nss");
        }).Add(state, "state_dict").Add("message_hub", value => MmCheckpoint.AddHistory(value, scalars: 2, bytes: 4000)).Zip(), true),
    ];

    private static PickleBuilder AddColours(PickleBuilder pickle)
    {
        pickle.Op("](");
        foreach (Rgb colour in _colours)
            pickle.Op("](").Integer(colour.R).Integer(colour.G).Integer(colour.B).Op("e");
        return pickle.Op("e");
    }
}
