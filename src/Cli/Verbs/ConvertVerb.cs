using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;
using SpGpu.Data;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu convert</c>: any weights file to .safetensors.</summary>
internal static class ConvertVerb
{
    private const string Extension = ".safetensors";

    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("IN") { Description = "A .pth, .onnx or .safetensors file, or a network that was pulled" };
        var output = new Argument<string>("OUT") { Description = $"The {Extension} file to write" };
        Option<string> names = Options.File(
            "--names", "Name the classes: ade20k, cityscapes, voc, streets (synthetic), or a file with a name a line");
        Option<string> palette = Options.File("--palette", "Give them colours: the same, or a file with 'R G B' a line");
        var command = new Verb("convert", $"Write the weights of a model as {Extension}: floats as 32 bits, no optimiser state.",
            "spgpu convert spnet50.pth spnet50.safetensors")
        {
            input, output, names, palette,
        };
        command.SetAction(parsed =>
        {
            string source = WeightsCache.Find(parsed.GetRequiredValue(input));
            string target = parsed.GetRequiredValue(output);
            OutputFile.ThrowIfRead(target, "OUT", [source, parsed.GetValue(names), parsed.GetValue(palette)]);
            if (!Path.GetExtension(target).Equals(Extension, StringComparison.OrdinalIgnoreCase))
                throw new ConfigurationException($"'{target}' does not end in {Extension}, the one format written; change the name");
            using var weights = WeightsFile.Open(source);
            IReadOnlyList<UnusableTensor> unusable = weights.Convert(
                target, Notes(weights, parsed.GetValue(names), parsed.GetValue(palette)));
            terminal.Wrote($"'{target}': {Text.Count(weights.Entries.Count, "tensor")}{OutputFile.Size(target)}");
            if (unusable.Count > 0)
                terminal.Complain($"{WeightsSummary.Describe(unusable)}; the file is written as it is");
        });
        return command;
    }

    /// <summary>What the new file says of the network and its classes besides what the old one does.</summary>
    private static IReadOnlyDictionary<string, string> Notes(WeightsFile weights, string? names, string? palette)
    {
        var classes = new NetworkClasses(
            names is null ? null : new ClassNames(Legend.Named(names)), palette is null ? null : Legend.Coloured(palette));
        try
        {
            var network = SegmentationArchitecture.Read(weights, weights.Origin);
            Legend.For(palette, names, network.Classes);
            return network.Conventions.Concat(classes.Metadata).ToDictionary();
        }
        catch (WeightsException) when (classes.Metadata.Count == 0)
        {
            // Only who says something of the classes needs a network that has some.
            return classes.Metadata;
        }
    }
}
