using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Onnx;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu export</c>: a network as an ONNX file, for other engines.</summary>
internal static class ExportVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<string> onnx = Options.File("--onnx", "The .onnx file to write", required: true);
        var networks = new NetworkChoice();
        Option<Size2D> size = Options.Size();
        size.Description = "Width and height of the pictures that the file will take";
        Option<(int Large, int Small)?> pools = Architectures.PoolsOption();
        var command = new Verb("export", "Write a network as ONNX, for pictures of one size, to run in other engines.",
            "spgpu export --onnx net.onnx --weights spnet50.pth --size 640x480",
            "spgpu export --onnx random.onnx --random --arch spnet50 --size 480x480")
        {
            onnx, size, pools,
        };
        networks.AddTo(command);
        command.SetAction(parsed =>
        {
            string target = parsed.GetRequiredValue(onnx);
            (string? file, SegmentationArchitecture? published) = networks.Of(parsed);
            OutputFile.ThrowIfRead(target, "--onnx", [file]);
            Size2D extent = parsed.GetValue(size);
            using WeightsFile? opened = file is null ? null : WeightsFile.Open(file);
            NetworkWeights net = opened is null ? NetworkWeights.Random(published!) : NetworkWeights.Of(opened);
            Write(net with { Architecture = net.Architecture.WithPools(parsed.GetValue(pools)) }, target, extent);
            terminal.Wrote($"'{target}': {net.Architecture.Title}, {extent.Width}x{extent.Height}{OutputFile.Size(target)}");
        });
        return command;
    }

    private static void Write(NetworkWeights net, string target, Size2D size)
    {
        try
        {
            net.ExportOnnx(target, size);
        }
        catch (ShapeException error)
        {
            throw new ConfigurationException($"--size: {error.Message}", error);
        }
    }
}
