using System.Text;

namespace SpGpu.Training.Configuration;

/// <summary>Writes a configuration with everything that was left to usual values, so that a run can be repeated.</summary>
internal static class ConfigurationWriter
{
    /// <summary>The configuration as a file that gives it again.</summary>
    public static string Write(TrainingConfiguration configuration)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, Setting> section in Settings.All.GroupBy(setting => setting.Section))
        {
            (string Key, string? Value)[] values =
                [.. section.Select(setting => (setting.Key, setting.Show(configuration))).Where(pair => pair.Item2 is not null)];
            if (values.Length == 0)
                continue;
            text.Append(section.Key).Append(":\n");
            foreach ((string key, string? value) in values)
                text.Append("  ").Append(key).Append(": ").Append(value).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The values that decide what comes out of a run, by key.</summary>
    public static IReadOnlyDictionary<string, string> Decisive(TrainingConfiguration configuration) => Settings.All
        .Where(setting => setting.DecidesResult && setting.Show(configuration) is not null)
        .ToDictionary(setting => setting.Key, setting => setting.Show(configuration)!);
}
