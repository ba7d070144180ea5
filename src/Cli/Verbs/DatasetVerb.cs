using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Data.Datasets.Checks;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu dataset check</c>: what is wrong with pictures and labels, before hours are spent on them.</summary>
internal static class DatasetVerb
{
    // Of each kind of fault, unless all are asked for.
    private const int MostExamples = 3;

    public static Command Create(Terminal terminal) =>
        new Verb("dataset", "Look at pictures with labels before they are used, and make them ready.",
            "spgpu dataset convert coloured --palette palette.txt --out pictures/labels",
            "spgpu dataset check pictures",
            "spgpu dataset split pictures")
        {
            Check(terminal), DatasetConvertVerb.Create(terminal), DatasetSplitVerb.Create(terminal),
        };

    private static Verb Check(Terminal terminal)
    {
        var folder = new Argument<string?>("DIR") { Description = "A folder with images/ and labels/", Arity = ArgumentArity.ZeroOrOne };
        var files = new DatasetOptions();
        Option<int> classes = Options.Number(
            "--classes", "How many classes; 0 goes by the names, --labels or the labels themselves", 0, 0);
        Option<string> names = Options.File(
            "--names", "ade20k, cityscapes, voc, streets (synthetic), or a file with a name a line; by default by the number of classes");
        Option<int> threads = Options.Threads();
        Option<string> json = JsonResults.Option();
        var command = new Verb("check", "Find unreadable files, sizes that differ and wrong labels.",
            "spgpu dataset check pictures --classes 12",
            "spgpu dataset check --list train.txt --root cityscapes --labels cityscapes")
        {
            folder, classes, names, threads, json,
        };
        files.AddTo(command);
        command.SetAction(parsed =>
        {
            int? count = Classes(parsed.GetValue(classes), parsed.GetValue(names), files.Transform(parsed));
            if (count > LabelMap.Ignore)
                throw new ConfigurationException(
                    $"{count} classes; a label is a byte and {LabelMap.Ignore} is ignored, give at most {LabelMap.Ignore}");
            JsonResults? results = JsonResults.Of(parsed.GetValue(json), terminal, files.List(parsed), parsed.GetValue(names));
            var missing = new List<string>();
            IReadOnlyList<Sample> samples = files.Samples(parsed, parsed.GetValue(folder), "DIR", missing.Add, terminal.Print);
            int readers = parsed.GetValue(threads) is > 0 and int given ? given : Environment.ProcessorCount;
            int examples = parsed.GetValue<bool>(Options.VerboseName) ? int.MaxValue : MostExamples;
            using var check = new DatasetCheck(samples, files.Transform(parsed), readers, examples, terminal.Stop);
            foreach (string message in missing)
                check.Add(DatasetFault.Missing, message);
            terminal.ForEach("pictures", samples, _ => check.Next());
            DatasetReport report = check.Report(count);
            Legend legend = Legend.For(null, parsed.GetValue(names), report.ClassPixels.Count);
            DatasetTable.Print(terminal, report, legend.Names);
            results?.Write(writer => DatasetTable.Write(writer, report, legend.Names));
            if (report.Faults.Count == 0)
                return ExitCode.Done;
            terminal.Complain(
                $"the dataset has faults: {string.Join(", ", report.Faults.Select(DatasetTable.Summary))}; mend them as said above");
            return ExitCode.BadInput;
        });
        return command;
    }

    /// <summary>The number of classes that is known without a look at the labels.</summary>
    private static int? Classes(int given, string? names, LabelTransform transform)
    {
        int? named = names is null ? null : Legend.Named(names).Count;
        if (given > 0 && named is { } count && count != given)
            throw new ConfigurationException(
                $"--classes {given}, and '{names}' has {Text.Count(count, "name")}; give one name for each class");
        if (given > 0 || named is not null)
            return given > 0 ? given : named;
        if (transform.Name == LabelTransform.Cityscapes.Name)
            return 19;
        return transform.Name == LabelTransform.ReduceZeroLabel.Name ? 150 : null;
    }
}
