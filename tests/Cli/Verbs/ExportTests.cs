using Microsoft.ML.OnnxRuntime;
using SpGpu.Data.Tests;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu export</c>.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_runs_in_onnx_runtime_and_pools_are_its_own()
    {
        string weights = TinyNetwork.Write(_folder);
        string target = _folder.File("net.onnx");
        Spgpu run = Spgpu.Run("export", "--onnx", target, "--weights", weights, "--size", "97x65").Done();
        Assert.Contains("5 classes, 97x65", run.Out, StringComparison.Ordinal);
        float[] logits = Logits(target, 65, 97);
        float[] expected = Expected(weights, (20, 12));
        float largest = expected.Max(MathF.Abs);
        Assert.InRange(Difference(expected, logits) / largest, 0, 2e-4);

        Spgpu.Run("export", "--onnx", target, "--weights", weights, "--size", "97x65", "--pools", "3,2").Done();
        float[] others = Logits(target, 65, 97);
        Assert.InRange(Difference(Expected(weights, (3, 2)), others) / largest, 0, 2e-4);
        Assert.True(Difference(logits, others) > 1e-3 * largest, "the pools make no difference, so the test shows nothing");
    }

    [Fact]
    public void A_published_network_needs_no_weights_and_gives_the_same_file()
    {
        string[] line = ["export", "--random", "--arch", "spnet50", "--classes", "3", "--size", "33x17", "--onnx"];
        Assert.Contains("SPNet-50, 3 classes, 33x17", Spgpu.Run([.. line, _folder.File("a.onnx")]).Done().Out, StringComparison.Ordinal);
        Spgpu.Run([.. line, _folder.File("b.onnx")]).Done();
        Assert.True(File.ReadAllBytes(_folder.File("a.onnx")).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.File("b.onnx"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--random --weights x")]
    public void Needs_one_network(string options) =>
        Export(options.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Fails(2, "either --weights FILE or --random");

    [Fact]
    public void What_is_wrong_with_the_command_line_is_usage()
    {
        string weights = TinyNetwork.Write(_folder);
        byte[] before = File.ReadAllBytes(weights);
        Spgpu.Run("export", "--weights", weights).Fails(2, "'--onnx' is required");
        Spgpu.Run("export", "--weights", weights, "--onnx", weights).Fails(2, "would be replaced");
        Assert.Equal(before, File.ReadAllBytes(weights));
        Export("--weights", weights, "--size", "480").Fails(2, "--size 480: give width and height");
        Export("--weights", weights, "--size", "65536x65536").Fails(2, "--size", "2^31");
        Export("--weights", weights, "--pools", "3").Fails(2, "--pools 3: give two numbers");
        Assert.False(File.Exists(_folder.File("net.onnx")));
    }

    [Fact]
    public void Weights_that_are_missing_or_do_not_fit_are_bad_input()
    {
        Export("--weights", _folder.File("nothing.pth")).Fails(3, "nothing.pth");
        StateDict state = TinyNetwork.State(5);
        state["pretrained.bn1.weight"] = new HostTensor(new float[3], 3);
        SafeTensors.Write(_folder.File("odd.safetensors"), state);
        Export("--weights", _folder.File("odd.safetensors")).Fails(3, "pretrained.bn1.weight");
        Assert.False(File.Exists(_folder.File("net.onnx")));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_failure()
    {
        string weights = TinyNetwork.Write(_folder);
        Spgpu.Run("export", "--weights", weights, "--size", "64x64", "--onnx", _folder.File("no/such/net.onnx"))
            .Fails(1, "net.onnx", "folder does not exist");
        Spgpu.Run("export", "--weights", weights, "--size", "64x64", "--onnx", Path.GetTempPath()).Fails(1, "it is a folder");
    }

    private Spgpu Export(params string[] options) => Spgpu.Run(["export", "--onnx", _folder.File("net.onnx"), .. options]);

    private static float[] Logits(string file, int height, int width)
    {
        using var session = new InferenceSession(file);
        using var options = new RunOptions();
        using var image = OrtValue.CreateTensorValueFromMemory(Image(height, width), [1, 3, height, width]);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["image"], [image], ["logits"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static float[] Expected(string weights, (int, int) pools)
    {
        using var device = Device.Open("cpu");
        StateDict state = SafeTensors.Read(weights);
        SpNetArchitecture architecture = ArchitectureReader.Read(state, weights) with { Pools = pools };
        using var network = new Network(SpNetGraph.Build(architecture), state, device, "score");
        return network.Run(("image", new HostTensor(Image(65, 97), 1, 3, 65, 97)))["score"].Floats;
    }

    private static float[] Image(int height, int width) => [.. Enumerable.Range(0, 3 * height * width).Select(i => MathF.Sin(i * 0.37f))];

    private static float Difference(float[] a, float[] b) => a.Zip(b, (x, y) => MathF.Abs(x - y)).Max();
}
