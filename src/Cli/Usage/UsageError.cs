using System.CommandLine;
using System.CommandLine.Parsing;

namespace SpGpu.Cli.Usage;

/// <summary>Words what is wrong with a command line as one line.</summary>
internal static class UsageError
{
    /// <summary>The first mistake, or null where there is none or help was asked for.</summary>
    public static string? Find(ParseResult parsed)
    {
        if (parsed.Action is Help or Options.PrintVersion)
            return null;
        Command command = parsed.CommandResult.Command;
        string? surplus = parsed.UnmatchedTokens is [string first, ..] ? first : null;
        if (command.Subcommands.Count > 0 && (surplus is null || !IsOption(surplus)))
        {
            string[] verbs = [.. command.Subcommands.Select(verb => verb.Name)];
            return surplus is null
                ? $"no verb; give one of {string.Join(", ", verbs)}"
                : $"unknown verb '{surplus}'{Suggestion.For(surplus, verbs)}";
        }
        if (UnknownOption(parsed) is { } option)
            return $"unknown option '{option}'{Suggestion.For(option, OptionsOf(command))}";
        if (surplus is not null)
            return $"one argument too many: '{surplus}'";
        if (Empty(parsed) is { } empty)
            return $"{empty} is empty; give it a value or leave it out";
        return parsed.Errors.Count > 0 ? parsed.Errors[0].Message.TrimEnd('.') : null;
    }

    /// <summary>The parser takes an unknown option for an argument; only what follows <c>--</c> is one for sure.</summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        HashSet<string> sure = [.. parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value)];
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.Select(token => token.Value))
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(token => IsOption(token) && !sure.Contains(token));
    }

    /// <summary>
    /// What has an empty text for a value, as a script's unset variable gives it: no name of a file or anything else.
    /// </summary>
    private static string? Empty(ParseResult parsed) => parsed.CommandResult.Children
        .Where(part => part.Tokens.Any(token => token.Value.Length == 0))
        .Select(
            part => part switch { OptionResult option => option.Option.Name, ArgumentResult argument => argument.Argument.Name, _ => null })
        .FirstOrDefault();

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .Select(option => option.Name);
}
