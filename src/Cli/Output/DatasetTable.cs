using System.Globalization;
using System.Text.Json;
using SpGpu.Cli.Usage;
using SpGpu.Data.Datasets.Checks;

namespace SpGpu.Cli.Output;

/// <summary>What a check of a dataset found.</summary>
internal static class DatasetTable
{
    private const int NameColumns = 36, OtherColumns = Text.Columns - NameColumns;
    private const int MostNamed = 5;

    public static void Print(Terminal terminal, DatasetReport report, IReadOnlyList<string> names)
    {
        terminal.Print("pictures:", Sizes(report), 10);
        double all = report.ClassPixels.Sum() + report.IgnoredPixels;
        if (all > 0)
        {
            terminal.Print("");
            int width = Text.Width(names, NameColumns, terminal.Columns - OtherColumns);
            terminal.Print(Line("", Text.Padded("class", width), "share", "pictures", "pixels"));
            for (int c = 0; c < names.Count; c++)
            {
                if (report.ClassPixels[c] > 0)
                {
                    terminal.Print(Line(
                        Index(c), Text.Head(names[c], width), Text.Percent(report.ClassPixels[c] / all),
                        Text.Count(report.ClassFiles[c]), Text.Count(report.ClassPixels[c])));
                }
            }
            if (report.IgnoredPixels > 0)
                terminal.Print(
                    Line("", Text.Padded("ignored", width), Text.Percent(report.IgnoredPixels / all), "",
                        Text.Count(report.IgnoredPixels)));
            int[] never = [.. Enumerable.Range(0, names.Count).Where(c => report.ClassPixels[c] == 0)];
            if (never.Length > 0)
                terminal.Print("never:", Never(never, names), 10);
        }
        foreach (string doubt in report.Doubts)
            terminal.Print("doubtful:", doubt, 10);
        foreach (FaultGroup group in report.Faults)
        {
            terminal.Print("");
            terminal.Print($"{Summary(group)}:");
            foreach (string example in group.Examples)
                terminal.Print(" ", example, 3);
            if (group.Unlisted > 0)
                terminal.Print($"   and {Text.Count(group.Unlisted)} more; add {Options.VerboseName} for all");
        }
        if (report.Faults.Count == 0)
            terminal.Print("nothing is wrong");
    }

    /// <summary>How many faults of a kind: <c>2 unreadable files</c>.</summary>
    public static string Summary(FaultGroup group) => group.Fault switch
    {
        DatasetFault.Missing => Text.Count(group.Count, "missing file"),
        DatasetFault.Unreadable => Text.Count(group.Count, "unreadable file"),
        DatasetFault.Size => $"{Text.Count(group.Count, "label map")} of another size than the picture",
        DatasetFault.Value => $"{Text.Count(group.Count, "label value")} of no class",
        _ => "labels of another kind",
    };

    private static string Sizes(DatasetReport report)
    {
        if (report.Pictures == 0)
            return "none that can be read";
        string mean = FormattableString.Invariant($"{report.MeanSize.Width:0} x {report.MeanSize.Height:0}");
        return $"{Text.Count(report.Pictures)}, mean {mean}, smallest {report.Smallest.Width} x {report.Smallest.Height}, "
            + $"largest {report.Largest.Width} x {report.Largest.Height}";
    }

    private static string Never(int[] never, IReadOnlyList<string> names)
    {
        string first = string.Join(", ", never.Take(MostNamed).Select(c => $"{Index(c)} {names[c]}"));
        return never.Length > MostNamed ? $"{first} and {never.Length - MostNamed} more" : first;
    }

    private static string Line(string index, string name, string share, string pictures, string pixels) =>
        $"{index,3} {name} {share,8} {pictures,10} {pixels,18}".TrimEnd();

    private static string Index(int index) => index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same as JSON.</summary>
    public static void Write(Utf8JsonWriter json, DatasetReport report, IReadOnlyList<string> names)
    {
        json.WriteNumber("pictures", report.Pictures);
        json.WriteNumber("ignored_pixels", report.IgnoredPixels);
        JsonResults.WriteArray(json, "classes", report.ClassPixels.Index(), one =>
        {
            json.WriteNumber("index", one.Index);
            json.WriteString("name", names[one.Index]);
            json.WriteNumber("pixels", one.Item);
            json.WriteNumber("files", report.ClassFiles[one.Index]);
        });
        JsonResults.WriteArray(json, "faults", report.Faults, fault =>
        {
            json.WriteString("fault", fault.Fault.ToString());
            json.WriteNumber("count", fault.Count);
            WriteTexts(json, "examples", fault.Examples);
        });
        WriteTexts(json, "doubts", report.Doubts);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
