using System.CommandLine;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Verbs;
using SpGpu.Models;

namespace SpGpu.Cli.Usage;

/// <summary>The options that name a network: a file of weights, or a published one with random weights.</summary>
internal sealed class NetworkChoice
{
    private readonly Option<string> _weights = Options.Weights(required: false);

    private readonly Option<bool> _random = new("--random") { Description = "Take a published network with random weights instead" };

    private readonly Option<string> _preset = Architectures.Option("The network of --random");

    private readonly Option<int> _classes = Options.Number("--classes", "The classes of --random", 1, 150);

    public NetworkChoice()
    {
        _preset.DefaultValueFactory = _ => "spnet50";
    }

    /// <summary>In front of the others, as the network matters most.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_classes, _preset, _random, _weights])
            command.Options.Insert(0, option);
    }

    /// <summary>The file of weights, or else the network that gets random ones.</summary>
    /// <exception cref="ConfigurationException">No network is named, or two are.</exception>
    public (string? File, SegmentationArchitecture? Published) Of(ParseResult parsed)
    {
        const string remedy = "give either --weights FILE or --random";
        bool isRandom = parsed.GetValue(_random);
        if (parsed.GetValue(_weights) is not { } file)
        {
            return isRandom
                ? (null, Architectures.Published(parsed.GetRequiredValue(_preset), parsed.GetValue(_classes)))
                : throw new ConfigurationException($"{parsed.CommandResult.Command.Name} needs a network: {remedy}");
        }
        if (isRandom)
            throw new ConfigurationException($"--weights '{file}' and --random are two networks; {remedy}");
        foreach (Option option in (Option[])[_preset, _classes])
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw new ConfigurationException($"{option.Name} belongs to --random; leave it out, the weights tell it");
        }
        return (WeightsCache.Find(file), null);
    }
}
