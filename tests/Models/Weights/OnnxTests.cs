using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>The initialisers of ONNX files as weights.</summary>
public class OnnxTests
{
    private static readonly float[] _values = [1, -2, 3.5f, 0, 5, 6];
    private static readonly int[] _shape = [2, 3];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tensors_are_read_in_either_form(bool raw)
    {
        StateDict state = Reading.Model(
            OnnxBuilder.File(OnnxBuilder.Tensor("a.weight", _values, _shape, raw), OnnxBuilder.Tensor("b", [7], [], raw)));
        Assert.Equal(["a.weight", "b"], state.Names);
        Assert.Equal(_shape, state["a.weight"].Shape);
        Assert.Equal(_values, state["a.weight"].Floats);
        Assert.Equal([7f], state["b"].Floats);
    }

    [Fact]
    public void Halves_become_floats()
    {
        byte[] one = OnnxBuilder.Field(9, [0x00, 0x3C]);
        Assert.Equal([1f], Reading.Model(OnnxBuilder.File(OnnxBuilder.Tensor("h", OnnxBuilder.Halves, [1], one)))["h"].Floats);
    }

    [Fact]
    public void The_ResNet18_of_a_NuGet_package_has_the_names_and_pictures_of_torchvision()
    {
        // A filter, a norm of four tensors: 22 times.
        (int Filter, int Scale)[] numbers =
        [
            (91, 96), (86, 113), (82, 127), (77, 144), (73, 158), (68, 175), (64, 189), (199, 203), (59, 220), (55, 234), (50, 251),
            (46, 265), (275, 279), (41, 296), (37, 310), (32, 327), (28, 341), (351, 355), (23, 372), (19, 386), (14, 403), (10, 417),
        ];
        var tensors = new List<byte[]>();
        foreach ((int filter, int scale) in numbers)
        {
            tensors.Add(filter == 91
                ? OnnxBuilder.Tensor("Parameter91", [1, 2, 10, 20, 100, 200], [1, 3, 1, 2], raw: false)
                : OnnxBuilder.Tensor($"Parameter{filter}", [filter], [1, 1, 1, 1], raw: false));
            for (int i = 0; i < 4; i++)
                tensors.Add(OnnxBuilder.Tensor($"{(i < 2 ? "Parameter" : "Constant")}{scale + i}", [scale + i], [1], raw: false));
        }
        StateDict state = Reading.Model(OnnxBuilder.File(tensors));
        // Blue, green, red of 0 to 255 became the standardised red, green, blue.
        Assert.Equal([100 * 58.395f, 200 * 58.395f, 10 * 57.12f, 20 * 57.12f, 1 * 57.375f, 2 * 57.375f], state["conv1.weight"].Floats);
        Assert.Equal([10f], state["layer4.2.conv2.weight"].Floats);
        Assert.Equal([205f], state["layer2.0.downsample.1.running_mean"].Floats);
        Assert.Equal([99f], state["bn1.running_var"].Floats);
        Assert.DoesNotContain(state.Names, name => name.StartsWith("Parameter", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "external", "keeps its weights in another file" },
        { "type", "elements of type 8" },
        { "bytes", "does not have the bytes of so many" },
        { "pieces", "does not have the bytes of so many" },
        { "rank", "cannot be" },
        { "none", "without weights in it" },
        { "tag", "no message of protobuf" },
        { "varint", "more than 64 bits" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Faults_are_named(string fault, string problem)
    {
        byte[] half = OnnxBuilder.Field(4, new byte[4]);
        byte[] file = fault switch
        {
            "external" => OnnxBuilder.File(OnnxBuilder.Tensor("w", OnnxBuilder.Floats, [1], OnnxBuilder.Field(13, "x"u8))),
            "type" => OnnxBuilder.File(OnnxBuilder.Tensor("w", 8, [1], OnnxBuilder.Field(9, "text"u8))),
            "bytes" => OnnxBuilder.File(OnnxBuilder.Tensor("w", OnnxBuilder.Floats, [2], half)),
            "pieces" => OnnxBuilder.File(OnnxBuilder.Tensor("w", OnnxBuilder.Floats, [2], [.. half, .. half])),
            "rank" => OnnxBuilder.File(OnnxBuilder.Tensor("w", OnnxBuilder.Floats, [int.MaxValue, int.MaxValue], half)),
            "none" => OnnxBuilder.File(),
            "tag" => [.. OnnxBuilder.File(), 0x07],
            _ => [.. OnnxBuilder.File(), 0x08, .. Enumerable.Repeat((byte)0xFF, 11)],
        };
        Assert.Contains(problem, Refusal.Of(file));
    }

    [Fact]
    public void A_file_cut_anywhere_in_its_graph_is_refused()
    {
        byte[] file = OnnxBuilder.File(OnnxBuilder.Tensor("w", _values, _shape, raw: true));
        for (int length = 0; length < file.Length - 4; length++)
            Refusal.Of(file[..length]);
    }
}
