using SpGpu.Data.Tests;
using SpGpu.Training.Configuration;

namespace SpGpu.Training.Tests;

/// <summary>Configurations from texts.</summary>
internal static class Reading
{
    public const string Least = "DATA:\n  data_root: here\n  classes: 3\n";

    public static TrainingConfiguration Read(string text, params string[] overrides) => ReadAll(text, overrides).Configuration;

    public static (TrainingConfiguration Configuration, IReadOnlyList<string> WithoutEffect) ReadAll(string text, params string[] overrides)
    {
        using var folder = new TemporaryFolder();
        return ConfigurationReader.Read(folder.Write("c.yaml", text), overrides);
    }
}
