using System.Text.RegularExpressions;
using Xunit;

namespace SpGpu.Common.Tests;

/// <summary>What pages say of the tree is so.</summary>
public partial class DocumentTests
{
    private const string Map = "docs/how-it-works.md";
    private const int FewestRows = 40;

    [Fact]
    public void FilesThatPagesNameAreThere()
    {
        IEnumerable<string> missing =
            from page in new[] { "README.md", "bench/README.md" }.Concat(Files("docs", "*.md").Select(SourceTree.NameOf))
            let text = File.ReadAllText(SourceTree.PathOf(page))
            let linked = Link().Matches(text).Select(link => Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value))
            from name in linked.Concat(Named(text))
            where !Path.Exists(SourceTree.PathOf(name))
            select $"{page}: {name}";
        Assert.Empty(missing);
    }

    [Fact]
    public void EveryThingOnTheMapHasAFile()
    {
        string[] map = [.. File.ReadLines(SourceTree.PathOf(Map)).SkipWhile(line => line != "## Where is what")];
        // Rows of tables, without heads and the rules under them.
        string[][] rows =
        [
            .. map.Zip(map.Skip(1).Append("")).Where(pair => pair.First.StartsWith("| ", StringComparison.Ordinal))
                .Where(pair => !IsRule(pair.First) && !IsRule(pair.Second)).Select(pair => pair.First.Split('|')),
        ];
        Assert.True(rows.Length >= FewestRows, $"the map of {Map} has {rows.Length} rows");
        Assert.Empty(rows.Where(cells => !Named(cells[2]).Any()).Select(cells => cells[1]));
    }

    [Fact]
    public void CodeThatIsQuotedStandsInTheSources()
    {
        MatchCollection quotes = Code().Matches(File.ReadAllText(SourceTree.PathOf("docs/adding-an-operator.md")));
        Assert.NotEmpty(quotes);
        string[] sources = [.. Files("src", "*.cs").Concat(Files("tests", "*.cs")).Select(File.ReadAllText)];
        Assert.All(quotes, quote => Assert.Contains(sources, source => source.Contains(quote.Groups[1].Value, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(SourceTree.PathOf(folder), pattern, SearchOption.AllDirectories);

    private static bool IsRule(string line) => line.StartsWith("| -", StringComparison.Ordinal);

    /// <summary>The files and folders in a text, by their names from the root on.</summary>
    private static IEnumerable<string> Named(string text) => Name().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"`((?:src|tests|docs|bench|config|weights|\.ci)/[^`\s<>*]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
