using System.Globalization;
using System.Xml.Linq;
using Xunit;

namespace SpGpu.Common.Tests;

/// <summary>What holds for the source tree as a whole.</summary>
public class HouseTests
{
    private const int MostFiles = 25;

    /// <summary>What each project may reference; the tool may reference all.</summary>
    private static readonly Dictionary<string, string[]> _arrows = new()
    {
        ["Common"] = [],
        ["Gpu"] = ["Common"],
        ["Checks"] = ["Gpu", "Common"],
        ["Layers"] = ["Gpu", "Common"],
        ["Data"] = ["Common"],
        ["Synth"] = ["Data", "Common"],
        ["Models"] = ["Layers", "Data", "Common"],
        ["Onnx"] = ["Models", "Layers", "Common"],
        ["Training"] = ["Models", "Data", "Common"],
        ["Mpi"] = ["Common"],
        ["Meta"] = ["Training", "Onnx", "Mpi"],
    };

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void NoFolderHasManyFilesOfItsOwn(string top)
    {
        string source = SourceTree.PathOf(top);
        var large = Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories).Prepend(source)
            .Select(folder => (Name: SourceTree.NameOf(folder), Files: Directory.GetFiles(folder, "*.cs").Length))
            .Where(folder => folder.Files > MostFiles);
        Assert.Empty(large);
    }

    [Fact]
    public void LinesAreAsLongAsTheEditorConfigAllows()
    {
        const string Key = "max_line_length = ";
        string root = SourceTree.PathOf("");
        string setting =
            Assert.Single(File.ReadLines(SourceTree.PathOf(".editorconfig")), line => line.StartsWith(Key, StringComparison.Ordinal));
        int most = int.Parse(setting[Key.Length..], CultureInfo.InvariantCulture);
        IEnumerable<string> files = Directory.EnumerateDirectories(root)
            .Where(folder => Path.GetFileName(folder) is not ("artifacts" or ".git"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories));
        Assert.Empty(files.SelectMany(file => File.ReadLines(file).Index()
            .Where(line => line.Item.EnumerateRunes().Count() > most)
            .Select(line => $"{SourceTree.NameOf(file)}, line {line.Index + 1}")));
    }

    [Fact]
    public void ArrowsPointOneWay()
    {
        string[] projects = Directory.GetFiles(SourceTree.PathOf("src"), "*.csproj", SearchOption.AllDirectories);
        Assert.NotEmpty(projects);
        foreach (string project in projects.Where(p => Path.GetFileName(p) != "Cli.csproj"))
        {
            IEnumerable<string> references = XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
            Assert.Subset(_arrows[Path.GetFileNameWithoutExtension(project)].ToHashSet(), references.ToHashSet());
        }
    }
}
