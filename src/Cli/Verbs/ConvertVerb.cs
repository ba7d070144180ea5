using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Layers;
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
            StateDict tensors = WeightsFile.Read(source);
            SafeTensors.Write(target, tensors, tensors.Metadata.Where(pair => IsOfTheNetwork(pair.Key)).ToDictionary());
            terminal.Print($"wrote '{target}': {Text.Count(tensors.Count, "tensor")}{OutputFile.Size(target)}");
            if (Unusable(tensors) is { Count: > 0 } unusable)
                terminal.Complain($"{WeightsSummary.Describe(unusable)}; the file is written as it is");
        });
        return command;
    }

    /// <summary>Whether metadata says how the network is built or was trained; all else is the place in a run.</summary>
    private static bool IsOfTheNetwork(string key) =>
        key.StartsWith(WeightsFile.NetworkPrefix, StringComparison.Ordinal) || key.StartsWith(WeightsFile.ConfigurationPrefix, StringComparison.Ordinal);

    /// <summary>Not from the file: it may be a pipe, which is read only once.</summary>
    private static List<(string Name, string Problem)> Unusable(StateDict tensors)
    {
        var unusable = new List<(string, string)>();
        foreach ((string name, HostTensor tensor) in tensors)
        {
            if (tensor.Data is float[] values && WeightValues.Problem(name, values) is { } problem)
                unusable.Add((name, problem));
        }
        return unusable;
    }
}
