using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu forward</c>.</summary>
public sealed class ForwardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _weights;

    public ForwardTests() => _weights = TinyNetwork.Write(_folder);

    private string Input => _folder.File("in.safetensors");

    private string Output => _folder.File("out.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("input")]
    [InlineData("whatever")]
    public void Equals_the_library(string name)
    {
        HostTensor image = Image();
        HostTensor logits = Forward(new StateDict { [name] = image });
        using var device = Device.Open("cpu");
        using var net = SpNet.Load(_weights, device);
        HostTensor expected = net.Forward(image);
        Assert.Equal(expected.Shape, logits.Shape);
        Assert.Equal(expected.Floats, logits.Floats);
    }

    [Fact]
    public void The_tensor_called_input_is_taken_of_several()
    {
        HostTensor image = Image();
        var both = new StateDict { ["other"] = new HostTensor(new float[3], 3), ["input"] = image };
        Assert.Equal(Forward(new StateDict { ["input"] = image }).Floats, Forward(both).Floats);
    }

    [Fact]
    public void Pools_change_the_result()
    {
        var input = new StateDict { ["input"] = Image() };
        Assert.NotEqual(Forward(input).Floats, Forward(input, "--pools", "3,2").Floats);
        Assert.Equal(Forward(input).Floats, Forward(input, "--pools", "20,12").Floats);
    }

    [Fact]
    public void Pools_are_those_of_the_training_also_after_convert()
    {
        var input = new StateDict { ["input"] = Image() };
        float[] expected = Forward(input, "--pools", "3,2").Floats;
        string trained = _folder.File("trained.safetensors");
        SafeTensors.Write(trained, TinyNetwork.State(5),
            new Dictionary<string, string> { ["network.pools"] = "3 2", ["config.epochs"] = "1", ["step"] = "7" });
        Spgpu.Run("convert", trained, _weights).Done();
        Assert.Superset(
            new HashSet<string>(["config.epochs", "network.pools", "network.name"]), SafeTensors.Read(_weights).Metadata.Keys.ToHashSet());
        Assert.Contains(Spgpu.Run("info", _weights).Done().Lines, line => line == "pooled grids    3 and 2");
        Assert.Equal(expected, Forward(input).Floats);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("3 x")]
    [InlineData("3 2 1")]
    [InlineData("[3, 2]")]
    [InlineData("0 2")]
    [InlineData("20 2000000000")]
    public void Pools_of_a_file_that_cannot_be_are_refused(string pools)
    {
        SafeTensors.Write(_weights, TinyNetwork.State(5), new Dictionary<string, string> { ["network.pools"] = pools });
        Run(new StateDict { ["input"] = Image() }).Fails(3, "an SPNet that cannot be built", "pool");
    }

    [Fact]
    public void Pools_that_earlier_versions_noted_are_read()
    {
        var input = new StateDict { ["input"] = Image() };
        float[] expected = Forward(input).Floats, others = Forward(input, "--pools", "3,2").Floats;
        SafeTensors.Write(_weights, TinyNetwork.State(5), new Dictionary<string, string> { ["config.pools"] = "[20, 12]" });
        Assert.Equal(expected, Forward(input).Floats);
        SafeTensors.Write(_weights, TinyNetwork.State(5), new Dictionary<string, string> { ["config.pools"] = "[3, 2]" });
        Assert.Equal(others, Forward(input).Floats);
        SafeTensors.Write(
            _weights, TinyNetwork.State(5), new Dictionary<string, string> { ["config.pools"] = "[3, 2]", ["network.pools"] = "20 12" });
        Assert.Equal(expected, Forward(input).Floats);
        SafeTensors.Write(_weights, TinyNetwork.State(5), new Dictionary<string, string> { ["config.pools"] = "[3]" });
        Run(input).Fails(3, "an SPNet that cannot be built", "config.pools = '[3]'");
    }

    [Fact]
    public void None_called_input_of_several_is_refused() =>
        Run(new StateDict { ["a"] = Image(), ["b"] = Image() }).Fails(3, "2 tensors, none called 'input'");

    [Fact]
    public void Input_of_another_format_is_named()
    {
        (string Name, byte[] Bytes, string Problem)[] files =
        [
            ("x.pth", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "pth", "sd_zip.pth")),
                "such as a PyTorch checkpoint, and a .safetensors file is needed; 'spgpu convert'"),
            ("x.npy", [0x93, .. "NUMPY\u0001\0v\0{'descr'"u8], "an array of NumPy (.npy), and a .safetensors file is needed"),
            ("x.npz", [.. "PK\u0003\u0004"u8, .. new byte[40]], "a zip archive"),
        ];
        foreach ((string name, byte[] bytes, string problem) in files)
        {
            File.WriteAllBytes(_folder.File(name), bytes);
            Spgpu.Run("forward", "--weights", _weights, "--input", _folder.File(name), "--output", Output).Fails(3, name, problem);
        }
        Spgpu.Run("forward", "--weights", _weights, "--input", Path.GetTempPath(), "--output", Output).Fails(3, "is a folder");
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused() =>
        Run(new StateDict { ["input"] = new HostTensor(new float[64], 1, 1, 8, 8) }).Fails(3, "3 channels");

    [Fact]
    public void Another_architecture_is_refused() =>
        Run(new StateDict { ["input"] = Image() }, "--arch", "spnet50").Fails(3, "does not fit the model");

    [Fact]
    public void Pools_must_be_two_numbers() =>
        Run(new StateDict { ["input"] = Image() }, "--pools", "20").Fails(2, "--pools 20: give two numbers");

    [Fact]
    public void Nothing_that_is_read_is_replaced()
    {
        SafeTensors.Write(Input, new StateDict { ["input"] = Image() });
        foreach (string read in (string[])["in.safetensors", "tiny.safetensors"])
        {
            byte[] before = File.ReadAllBytes(_folder.File(read));
            Spgpu.Run("forward", "--weights", _weights, "--input", Input, "--output", _folder.File(read)).Fails(2, "would be replaced");
            Assert.Equal(before, File.ReadAllBytes(_folder.File(read)));
        }
    }

    [Fact]
    public void An_output_that_cannot_be_written_fails()
    {
        SafeTensors.Write(Input, new StateDict { ["input"] = Image() });
        string[] line = ["forward", "--weights", _weights, "--device", "cpu", "--input", Input, "--output"];
        Spgpu.Run([.. line, _folder.File("none/out.safetensors")]).Fails(1, "cannot write");
    }

    private static HostTensor Image() => new([.. Enumerable.Range(0, 2 * 3 * 40 * 33).Select(i => MathF.Sin(i * 0.37f))], 2, 3, 40, 33);

    private Spgpu Run(StateDict input, params string[] options)
    {
        SafeTensors.Write(Input, input);
        return Spgpu.Run(["forward", "--weights", _weights, "--device", "cpu", "--input", Input, "--output", Output, .. options]);
    }

    private HostTensor Forward(StateDict input, params string[] options)
    {
        Run(input, options).Done();
        return SafeTensors.Read(Output)["logits"];
    }
}
