using System.CommandLine;

namespace SpGpu.Cli.Usage;

/// <summary>A verb of the tool, with examples for its help.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
