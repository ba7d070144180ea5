using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SpGpu.Cli.Output;

namespace SpGpu.Cli.Usage;

/// <summary>The usual help, at most 80 columns wide, with examples and exit codes below it.</summary>
internal sealed class Help(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>The library cannot set it narrower.</summary>
    private const int LeastColumns = 20;

    public override bool ClearsParseErrors => true;

    /// <param name="columns">How wide the screen is.</param>
    public static HelpOption Option(int columns) => new("--help", "-h")
    {
        Description = "Show how it is used, with examples",
        Action = new Help(new HelpAction { MaxWidth = Math.Clamp(columns, LeastColumns, Text.Columns) }),
        Recursive = true,
    };

    /// <summary>What to type for a command: <c>spgpu segment</c>.</summary>
    public static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{NameOf(parent)} {command.Name}" : command.Name;

    public override int Invoke(ParseResult parseResult)
    {
        TextWriter output = parseResult.InvocationConfiguration.Output;
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb)
        {
            output.WriteLine("Examples:");
            foreach (string example in verb.Examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }
        output.WriteLine("Exit codes:");
        output.WriteLine($"  {ExitCode.Help}");
        return ExitCode.Done;
    }
}
