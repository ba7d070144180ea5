using System.Text.RegularExpressions;
using SpGpu.Common.Tests;
using SpGpu.Data;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests;

/// <summary>The command lines of README and pages: the tool knows them all, and those that need nothing else are run.</summary>
public sealed partial class DocumentTests : IDisposable
{
    private const string FromSource = "dotnet run -c Release --project src/Cli -- ";

    /// <summary>What a line needs that a test has not: the network, hours, a GPU, data sets of others, or it is run elsewhere.</summary>
    private static readonly string[] _beyond =
    [
        "pull", "ddrnet23", "train ", "synth ", "demo", "selftest", "cuda:", "opencl:", "--list", "--official", "weights/",
        "runs/streets", "runs/camvid", "CamVid", "FILE", "--raw", "coloured",
    ];

    private readonly string _start = Directory.GetCurrentDirectory();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Lines => [.. All().Distinct()];

    public static TheoryData<string> Runnable =>
        [.. All().Distinct().Where(line => line.EndsWith("--help", StringComparison.Ordinal) || !_beyond.Any(line.Contains))];

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_start);
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Are_known_to_the_tool(string line)
    {
        using var nowhere = new StringWriter();
        var terminal = new Terminal(nowhere, nowhere, isInteractive: false, TestContext.Current.CancellationToken);
        Assert.Null(Tool.Mistake(Words(line), terminal));
    }

    [Theory]
    [MemberData(nameof(Runnable))]
    public void Do_what_they_say(string line)
    {
        string weights = TinyNetwork.WriteBalanced(_folder, classes: 12);
        Directory.CreateDirectory(_folder.File("runs/folder"));
        foreach (string name in (string[])["spnet50.pth", "spnet50.safetensors", "net.safetensors", "runs/folder/last.safetensors"])
            File.Copy(weights, _folder.File(name), overwrite: true);
        foreach (string folder in (string[])["pictures", "validation"])
        {
            Directory.CreateDirectory(_folder.File($"{folder}/labels"));
            foreach (string name in (string[])["a.png", "b.png"])
            {
                TinyNetwork.WritePicture(_folder, $"{folder}/images/{name}");
                new LabelMap(new byte[33 * 25], 33, 25).Write(_folder.File($"{folder}/labels/{name}"), Palette.Cityscapes);
            }
        }
        TinyNetwork.WritePicture(_folder, "photo.jpg");
        Directory.SetCurrentDirectory(_folder.Path);
        Assert.Equal(0, Spgpu.Run(Words(line)).Code);
    }

    [Fact]
    public void Are_many()
    {
        Assert.True(Lines.Count >= 25, $"{Lines.Count} lines");
        Assert.True(Runnable.Count >= 6, $"{Runnable.Count} of them are run");
    }

    /// <summary>Lines of code blocks, and command lines within the text; where that names a verb alone, its help.</summary>
    private static IEnumerable<string> All()
    {
        string docs = SourceTree.PathOf("docs");
        foreach (string page in Directory.GetFiles(docs, "*.md").Append(SourceTree.PathOf("README.md")).Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(page);
            IEnumerable<string> code = Block().Matches(text).SelectMany(block => block.Groups[1].Value.Split('\n'));
            IEnumerable<string> spans = Span().Matches(Block().Replace(text, ""))
                .Select(span => span.Groups[1].Value.ReplaceLineEndings(" "))
                .Select(span => span.StartsWith("spgpu ", StringComparison.Ordinal) && span.Count(' ') == 1 ? $"{span} --help" : span);
            foreach (string line in code.Concat(spans))
            {
                int at = line.IndexOf(FromSource, StringComparison.Ordinal);
                if (at >= 0)
                    yield return line[(at + FromSource.Length)..].Trim();
                else if (Command().Match(line) is { Success: true } command)
                    yield return command.Groups[1].Value.Trim();
            }
        }
    }

    /// <summary>The words of a shell's line; quotes hold some together.</summary>
    private static string[] Words(string line) =>
        [.. Word().Matches(line).Select(word => word.Value.Replace("'", "", StringComparison.Ordinal))];

    [GeneratedRegex(@"^```[^\n]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"(?:^|\| )spgpu ([^\n]+)$")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?:'[^']*'|[^\s'])+")]
    private static partial Regex Word();
}
