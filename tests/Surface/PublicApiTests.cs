using PublicApiGenerator;
using SpGpu.Common.Tests;

namespace SpGpu.Surface.Tests;

/// <summary>
/// The public surface of every library is what a file here says, so that a change of it is seen in review and never comes by
/// chance.
/// </summary>
public sealed class PublicApiTests
{
    /// <summary>Set to write the files anew.</summary>
    private const string Update = "SPGPU_UPDATE_API";

    [Theory]
    [MemberData(nameof(Libraries.Names), MemberType = typeof(Libraries))]
    public void Is_what_the_file_says(string library)
    {
        string file = SourceTree.PathOf($"tests/Surface/api/{library}.txt");
        string actual = Libraries.Load(library).GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            DenyNamespacePrefixes = [],
        }).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 })
            File.WriteAllText(file, actual);
        string expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        string difference = string.Join('\n', Differences(expected.Split('\n'), actual.Split('\n')));
        Assert.True(expected == actual,
            $"the public surface of {library} is not that of tests/Surface/api/{library}.txt. If it is meant to change, run the tests "
            + $"with {Update}=1, which writes the file anew, and commit it; else make internal what came in:\n{difference}");
    }

    private static IEnumerable<string> Differences(string[] expected, string[] actual) =>
        expected.Except(actual).Select(line => $"- {line.Trim()}").Concat(actual.Except(expected).Select(line => $"+ {line.Trim()}"));
}
