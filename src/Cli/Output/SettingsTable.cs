using System.Text.RegularExpressions;

namespace SpGpu.Cli.Output;

/// <summary>Every setting of a training with its usual value and its meaning, as the page on training has them.</summary>
internal static partial class SettingsTable
{
    private const string Page = "training.md", Title = "## Settings";
    private const int Indent = 2;

    public static void Print(Terminal terminal)
    {
        foreach (string line in Resource.Text(Page).Split('\n').SkipWhile(line => line != Title))
        {
            if (line.Split('|') is not ["", var key, var meaning, ""] || key.StartsWith(" -", StringComparison.Ordinal))
                continue;
            // The head of a table is the section.
            if (meaning.Trim().Length == 0)
            {
                terminal.Print($"{Plain(key)}:");
                continue;
            }
            Print(terminal, Plain(key), Indent);
            Print(terminal, Plain(meaning), 2 * Indent);
        }
    }

    /// <summary>As wide as help is through a pipe, too: it is for people to read.</summary>
    private static void Print(Terminal terminal, string text, int indent)
    {
        foreach (string line in Text.Labelled("", text, indent, Math.Min(terminal.Columns, Text.Columns)))
            terminal.Print(line);
    }

    /// <summary>Without Markdown's marks.</summary>
    private static string Plain(string text) => Link().Replace(text, "$1").Replace("`", "", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();
}
