using System.Text.RegularExpressions;
using SpGpu.Common.Tests;
using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>
/// An operator is a thing of its own: its folder, its check, its graph method, its backward rule, ONNX, and few that
/// use it.
/// </summary>
public sealed class OperatorFilesTests
{
    private const int MostFiles = 6;

    /// <summary>What more files may name, and why.</summary>
    private static readonly Dictionary<string, int> _exceptions = new()
    {
        // Layers, passes and training know convolutions and batch norms, as they have parameters, are merged, and span processes.
        ["Convolution"] = 12,
        ["BatchNorm"] = 8,
        // The passes merge some of its kinds; + and * of values are others.
        ["Pointwise"] = 7,
        // Other operators interpolate by its rule.
        ["Bilinear"] = 7,
        // Convolutions take its result as their input, on tensor cores by running it.
        ["ExpandAdd"] = 7,
    };

    public static IEnumerable<TheoryDataRow<string>> Operators => typeof(Specification).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Specification)) && !type.IsAbstract).Select(type => new TheoryDataRow<string>(type.Name));

    [Theory, MemberData(nameof(Operators))]
    public void Few_files_outside_of_its_folder_name_an_operator(string name)
    {
        string folder = SourceTree.NameOf(Path.GetDirectoryName(FileOf(name))!);
        string[] naming =
        [
            .. Sources("src").Where(file => !SourceTree.NameOf(file).StartsWith(folder + '/', StringComparison.Ordinal))
                .Where(file => Names(File.ReadAllText(file), name)).Select(SourceTree.NameOf),
        ];
        bool isException = _exceptions.TryGetValue(name, out int most);
        Assert.True(naming.Length <= (isException ? most : MostFiles),
            $"{name} is named outside of {folder} by {string.Join(", ", naming)}");
        Assert.True(!isException || naming.Length > MostFiles, $"{name} is no exception any more");
    }

    private static string FileOf(string name) =>
        Sources("src/Gpu/Operators").Single(file => Declares(File.ReadAllText(file), name));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(SourceTree.PathOf(folder), "*.cs", SearchOption.AllDirectories);

    private static bool Declares(string text, string name) => Regex.IsMatch(text, $@"\brecord {name}\b");

    // Layers of graphs are called as their operators are, and LINQ has a Concat.
    private static bool Names(string text, string name) => Regex.IsMatch(text, $@"(?<!\.)\b{name}\b");
}
