using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu forward</c>: a tensor in, logits out, for comparisons with other implementations.</summary>
internal static class ForwardVerb
{
    private const string InputName = "input";
    private const string OutputName = "logits";

    public static Command Create(Terminal terminal)
    {
        Option<string> weights = Options.Weights(required: true);
        Option<string> input = Options.File(
            "--input", $"A .safetensors with '{InputName}', N x 3 x H x W, normalised; or with one tensor alone", required: true);
        Option<string> output = Options.File(
            "--output", $"The .safetensors to write, with '{OutputName}', N x classes x H x W", required: true);
        var device = new DeviceChoice();
        Option<string> preset = Architectures.Option("The architecture, where the names of the weights do not tell it");
        Option<(int Large, int Small)?> pools = Architectures.PoolsOption();
        var command = new Verb("forward", "Run the network on a tensor and write its logits.",
            "spgpu forward --weights net.pth --input x.safetensors --output y.safetensors")
        {
            weights, input, output, device.Name, device.Threads, device.NoWinograd, device.NoTensorCores, preset, pools,
        };
        command.SetAction(parsed =>
        {
            string file = WeightsCache.Find(parsed.GetRequiredValue(weights));
            string source = parsed.GetRequiredValue(input);
            string target = parsed.GetRequiredValue(output);
            OutputFile.ThrowIfRead(target, "--output", [source, file]);
            HostTensor image = Input(source);
            using var network = WeightsFile.Open(file);
            SegmentationArchitecture architecture = Architectures.Of(network, parsed.GetValue(preset)).WithPools(parsed.GetValue(pools));
            using Device opened = device.Open(parsed);
            using var net = SegmentationNetwork.Load(network, opened, architecture);
            HostTensor logits = net.Forward(image);
            SafeTensors.Write(target, new StateDict { [OutputName] = logits });
            terminal.Wrote($"'{target}': {OutputName} {HostTensor.Describe(logits.Shape)}");
        });
        return command;
    }

    private static HostTensor Input(string file)
    {
        StateDict tensors = SafeTensors.Read(file);
        if (tensors.TryGet(InputName, out HostTensor? named))
            return named;
        return tensors.Count == 1
            ? tensors.Single().Value
            : throw new WeightsException(
                $"'{file}' has {Text.Count(tensors.Count, "tensor")}, none called '{InputName}'; give the one to use that name");
    }
}
