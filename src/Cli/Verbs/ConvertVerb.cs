using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu convert</c>: any weights file to .safetensors.</summary>
internal static class ConvertVerb
{
    private const string Extension = ".safetensors";

    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("IN") { Description = "A .pth or .safetensors file" };
        var output = new Argument<string>("OUT") { Description = $"The {Extension} file to write" };
        var command = new Verb("convert", $"Write the weights of a model as {Extension}: floats as 32 bits, no optimiser state.",
            "spgpu convert spnet50.pth spnet50.safetensors")
        {
            input, output,
        };
        command.SetAction(parsed =>
        {
            string source = parsed.GetRequiredValue(input);
            string target = parsed.GetRequiredValue(output);
            OutputFile.ThrowIfRead(target, "OUT", [source]);
            if (!Path.GetExtension(target).Equals(Extension, StringComparison.OrdinalIgnoreCase))
                throw new ConfigurationException($"'{target}' does not end in {Extension}, the one format written; change the name");
            using var weights = WeightsFile.Open(source);
            IReadOnlyList<UnusableTensor> unusable = weights.Convert(target);
            terminal.Print($"wrote '{target}': {Text.Count(weights.Entries.Count, "tensor")}{OutputFile.Size(target)}");
            if (unusable.Count > 0)
                terminal.Complain($"{WeightsSummary.Describe(unusable)}; the file is written as it is");
        });
        return command;
    }
}
