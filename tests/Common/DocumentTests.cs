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

    /// <summary>Samples and tests of the surface are compiled and run by CI; a quote is lines of theirs that follow each other.</summary>
    [Fact]
    public void CodeOfPagesIsCodeThatIsRun()
    {
        string[] files = [.. Files("samples", "*.cs"), .. Files("tests/Surface", "*.cs")];
        string[] sources = [.. files.Select(file => Lines(File.ReadAllText(file)))];
        (string Page, string Lines)[] quotes =
        [
            .. from page in Files("docs", "*.md").Append(SourceTree.PathOf("README.md"))
               where Path.GetFileName(page) != "adding-an-operator.md"
               from Match quote in Code().Matches(File.ReadAllText(page))
               select (Path.GetFileName(page), Lines(quote.Groups[1].Value)),
        ];
        Assert.True(quotes.Length >= 14, $"{quotes.Length} quotes");
        Assert.All(quotes, quote => Assert.True(
            sources.Any(source => source.Contains(quote.Lines, StringComparison.Ordinal)),
            $"{quote.Page}: no sample and no test of tests/Surface has the lines{quote.Lines}"));
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

    /// <summary>The lines without indentation, empty ones and directives that name a part of SpGpu.</summary>
    private static string Lines(string code) => '\n' + string.Concat(code.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && !line.StartsWith("using SpGpu.", StringComparison.Ordinal))
        .Select(line => line + '\n'));

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
