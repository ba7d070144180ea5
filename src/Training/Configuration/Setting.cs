using System.Globalization;

namespace SpGpu.Training.Configuration;

/// <summary>A key of configuration files that means something here.</summary>
/// <param name="Section">The section that it stands in.</param>
/// <param name="Key">The key.</param>
/// <param name="Apply">Puts a value in place.</param>
/// <param name="Show">The value as a file would have it; null where it is not set.</param>
internal sealed record Setting(
    string Section, string Key,
    Func<TrainingConfiguration, SettingValue, TrainingConfiguration> Apply, Func<TrainingConfiguration, string?> Show)
{
    /// <summary>Whether a checkpoint's place in the epoch, or its moments, have no meaning with another value.</summary>
    public bool DecidesPlace { get; init; }

    /// <summary>Whether it is a text, such as a path: taken from the command line as it stands.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether the result of a run depends on it.</summary>
    public bool DecidesResult { get; init; } = true;

    public static Setting Whole(string section, string key, int least, int most,
        Func<TrainingConfiguration, int> get, Func<TrainingConfiguration, int, TrainingConfiguration> set) =>
        new(section, key, (c, value) => set(c, value.Whole(least, most)), c => Write(get(c)));

    public static Setting Real(string section, string key, double least, double most,
        Func<TrainingConfiguration, double> get, Func<TrainingConfiguration, double, TrainingConfiguration> set) =>
        new(section, key, (c, value) => set(c, value.Real(least, most)), c => Write(get(c)));

    public static Setting Flag(string section, string key,
        Func<TrainingConfiguration, bool> get, Func<TrainingConfiguration, bool, TrainingConfiguration> set) =>
        new(section, key, (c, value) => set(c, value.Flag()), c => get(c) ? "true" : "false");

    public static Setting Text(string section, string key,
        Func<TrainingConfiguration, string?> get, Func<TrainingConfiguration, string, TrainingConfiguration> set) =>
        new(section, key, (c, value) => set(c, value.Text()), c => get(c) is { } text ? Quote(text) : null) { IsText = true };

    public static Setting OneOf(string section, string key, IReadOnlyList<string> words,
        Func<TrainingConfiguration, string?> get, Func<TrainingConfiguration, string, TrainingConfiguration> set) =>
        new(section, key, (c, value) => set(c, value.OneOf(words)), get);

    public static Setting Wholes(string section, string key, int[] counts, int least, int most,
        Func<TrainingConfiguration, IReadOnlyList<int>?> get, Func<TrainingConfiguration, IReadOnlyList<int>, TrainingConfiguration> set) =>
        new(section, key, (c, value) => set(c, value.Wholes(counts, least, most)),
            c => get(c) is { } list ? $"[{string.Join(", ", list.Select(n => Write(n)))}]" : null);

    public static Setting Reals(string section, string key, int count, double least, double most,
        Func<TrainingConfiguration, IReadOnlyList<double>> get,
        Func<TrainingConfiguration, IReadOnlyList<double>, TrainingConfiguration> set) =>
        new(section, key, (c, value) => set(c, value.Reals(count, least, most)),
            c => $"[{string.Join(", ", get(c).Select(number => Write(number)))}]");

    public static string Write(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text in YAML's single quotes, which take everything but line ends as it is.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
