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
    };

    [Fact]
    public void NoFolderOfTheSourceHasManyFilesOfItsOwn()
    {
        string source = SourceTree.PathOf("src");
        var large = Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories).Prepend(source)
            .Select(folder => (Name: SourceTree.NameOf(folder), Files: Directory.GetFiles(folder, "*.cs").Length))
            .Where(folder => folder.Files > MostFiles);
        Assert.Empty(large);
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
