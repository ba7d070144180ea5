using SpGpu.Data;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Names and colours of classes that checkpoints of mmsegmentation keep beside the weights.</summary>
public class CheckpointClassesTests
{
    private static readonly string[] _names = ["road", "wall", "tree"];
    private static readonly Rgb[] _colours = [new(128, 64, 128), new(0, 0, 0), new(255, 1, 2)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void They_are_read_in_the_form_of_either_version(bool zip)
    {
        AssertBoth(Read(Former(Names('t', _names), Colours(_colours)), zip));
        AssertBoth(Read(Present(Names('t', _names), Colours(_colours)), zip));
        AssertBoth(Read(Present(Names(']', _names), Colours(_colours)), zip));
    }

    [Fact]
    public void Those_of_the_data_set_go_before_the_former_ones()
    {
        Action<PickleBuilder> both = meta =>
        {
            Former(Names('t', "x", "y", "z"), Colours(new(9, 9, 9), new(8, 8, 8), new(7, 7, 7)))(meta);
            Present(Names('t', _names), Colours(_colours))(meta);
        };
        AssertBoth(Read(both));
    }

    [Fact]
    public void Either_may_be_missing()
    {
        NetworkClasses classes = Read(meta => Entry(meta, "CLASSES", Names('t', _names)));
        Assert.Equal(_names, classes.Names!);
        Assert.Null(classes.Colours);
        classes = Read(meta => Entry(meta, "PALETTE", Colours(_colours)));
        Assert.Null(classes.Names);
        Assert.Equal(_colours, classes.Colours!);
        Assert.Equal(new NetworkClasses(null, null), Read(meta => Entry(meta, "epoch", value => value.Integer(3))));
        Assert.Equal(new NetworkClasses(null, null), Read(meta => Entry(meta, "CLASSES", value => value.Op("N"))));
        Assert.Equal(new NetworkClasses(null, null), Read(meta => Entry(meta, "dataset_meta", value => value.Op("N"))));
    }

    [Fact]
    public void What_cannot_be_of_the_network_is_left_out()
    {
        Assert.All(
            (Action<PickleBuilder>[])
            [
                Names('t', "road", "wall"), Names('t'), Names('t', "road", "", "tree"), Names('t', "road", "\u001b[31m", "tree"),
                Names('t', "road", new string('x', 101), "tree"), Names('t', "road", new string('x', 1 << 17), "tree"),
                value => value.Op("(").Text("road").Text("wall").Op("Nt"), value => value.Text("roadwalltree"), value => value.Op("}"),
            ],
            names => Assert.Null(Read(Former(names, Colours(_colours))).Names));
        Assert.All(
            (Action<PickleBuilder>[])
            [
                Colours(_colours[..2]), Colours(), value => value.Op("](").Integers(1, 2, 3).Integers(1, 2).Integers(1, 2, 3).Op("e"),
                value => value.Op("](").Integers(1, 2, 3).Integers(1, 2, 256).Integers(1, 2, 3).Op("e"),
                value => value.Op("](").Integers(1, 2, 3).Integers(1, -2, 6).Integers(1, 2, 3).Op("e"),
                value => value.Op("](").Integers(1, 2, 3).Integers(1, 2, 6, 7).Integers(1, 2, 3).Op("e"),
                value => value.Op("](").Integers(1, 2, 3).Op("N").Integers(1, 2, 3).Op("e"),
                value => value.Global("numpy", "ndarray"),
            ],
            colours => Assert.Null(Read(Former(Names('t', _names), colours)).Colours));
    }

    [Fact]
    public void They_stand_beside_the_history_of_the_run() => Assert.All(
        (byte[][])[MmCheckpoint.Former(), MmCheckpoint.Present(), MmCheckpoint.PresentLegacy()],
        bytes =>
        {
            using var file = WeightsFile.Open(bytes, "net.pth");
            var classes = NetworkClasses.Read(file.Metadata, 2, "net.pth");
            Assert.Equal(["road", "wall"], classes.Names!);
            Assert.Equal([new(1, 2, 3), new(4, 5, 6)], classes.Colours!);
        });

    [Fact]
    public void Converting_keeps_them()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("spgpu-");
        try
        {
            string converted = Path.Combine(folder.FullName, "converted.safetensors");
            using (var file = WeightsFile.Open(Checkpoint(Present(Names(']', _names), Colours(_colours)), zip: true), "net.pth"))
                file.Convert(converted);
            using var read = WeightsFile.Open(converted);
            AssertBoth(NetworkClasses.Read(read.Metadata, 3, "f"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertBoth(NetworkClasses classes)
    {
        Assert.Equal(_names, classes.Names!);
        Assert.Equal(_colours, classes.Colours!);
    }

    private static NetworkClasses Read(Action<PickleBuilder> meta, bool zip = true)
    {
        using var file = WeightsFile.Open(Checkpoint(meta, zip), "net.pth");
        Assert.Equal(["conv_seg.weight"], file.Names);
        return NetworkClasses.Read(file.Metadata, 3, "net.pth");
    }

    private static byte[] Checkpoint(Action<PickleBuilder> meta, bool zip)
    {
        PickleBuilder pickle = PickleBuilder.Start().Op("}").Text("meta").Op("}");
        meta(pickle);
        byte[] bytes = pickle.Op("s").Text("state_dict").Op("}").Text("conv_seg.weight").Tensor("0", 6, 0, [3, 2, 1, 1], [2, 1, 1, 1])
            .Op("ss").Stop();
        byte[] data = PickleBuilder.Floats(1, 2, 3, 4, 5, 6);
        return zip ? PickleBuilder.Zip(bytes, ("0", data)) : PickleBuilder.Legacy(bytes, ("0", 6, data));
    }

    private static Action<PickleBuilder> Former(Action<PickleBuilder> names, Action<PickleBuilder> colours) => meta =>
    {
        Entry(meta, "CLASSES", names);
        Entry(meta, "PALETTE", colours);
    };

    private static Action<PickleBuilder> Present(Action<PickleBuilder> names, Action<PickleBuilder> colours) => meta =>
        Entry(meta, "dataset_meta", value =>
        {
            value.Op("}");
            Entry(value, "classes", names);
            Entry(value, "palette", colours);
            Entry(value, "label_map", map => map.Op("N"));
        });

    private static void Entry(PickleBuilder dict, string key, Action<PickleBuilder> value)
    {
        value(dict.Text(key));
        dict.Op("s");
    }

    /// <summary>A tuple (t) or a list (]) of texts.</summary>
    private static Action<PickleBuilder> Names(char kind, params string[] names) => value =>
    {
        value.Op(kind == 't' ? "(" : "](");
        foreach (string name in names)
            value.Text(name);
        value.Op(kind == 't' ? "t" : "e");
    };

    private static Action<PickleBuilder> Colours(params Rgb[] colours) => value =>
    {
        value.Op("](");
        foreach (Rgb colour in colours)
            value.Op("](").Integer(colour.R).Integer(colour.G).Integer(colour.B).Op("e");
        value.Op("e");
    };
}
