using SpGpu.Common.Tests;
using Xunit;

namespace SpGpu.Gpu.Tests.Kernels.Nvidia;

/// <summary>A table in the repository that a change of what it tells must update.</summary>
internal static class Table
{
    /// <summary>Set to write the tables anew.</summary>
    private const string Update = "SPGPU_UPDATE_REGISTERS";

    /// <summary>Holds a table to what was found, or writes it.</summary>
    public static void Check(string name, string[] head, IEnumerable<string[]> rows)
    {
        string[] actual =
        [
            string.Join('\t', head), .. rows.Select(row => string.Join('\t', row)).Order(StringComparer.Ordinal),
        ];
        string file = SourceTree.PathOf($"tests/Gpu/Kernels/Nvidia/{name}");
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 })
            File.WriteAllText(file, string.Join('\n', actual) + "\n");
        string[] expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        IEnumerable<string> differences =
            expected.Except(actual).Select(line => $"- {line}").Concat(actual.Except(expected).Select(line => $"+ {line}"));
        Assert.True(!differences.Any(), $"machine code is not what {name} says; if it is meant to change, run these tests with "
            + $"{Update}=1, which writes the tables anew, and commit them:\n{string.Join('\n', differences)}");
    }
}
