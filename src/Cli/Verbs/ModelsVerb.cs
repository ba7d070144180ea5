using System.CommandLine;
using System.Globalization;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu models</c>: the networks that can be downloaded, and on what terms.</summary>
internal static class ModelsVerb
{
    private const int TermsColumns = 16;

    public static Command Create(Terminal terminal)
    {
        var command = new Verb("models", "List trained networks that can be downloaded.", "spgpu models");
        command.SetAction(_ =>
        {
            terminal.Print(Row("name", "data set", "classes", "mIoU", "size", ""));
            foreach (PublicModel model in PublicModels.All)
                terminal.Print(Row(
                    model.Name, model.DataSet.Name, Text.Count(model.Classes), model.Score.ToString("0.0#", CultureInfo.InvariantCulture),
                    Text.Bytes(model.Bytes), State(model)));
            terminal.Print("");
            terminal.Print("mIoU", "as published, in percent of each one's own data set", TermsColumns);
            terminal.Print("size", "of mmsegmentation's files that of the tensors in them: the rest is not published", TermsColumns);
            terminal.Print(
                "here", $"in '{WeightsCache.Folder}'; 'spgpu pull NAME' gets the others, and anew what is damaged", TermsColumns);
            foreach (Publisher source in PublicModels.All.Select(model => model.Source).Distinct())
            {
                IEnumerable<string> names = PublicModels.All.Where(model => model.Source == source).Select(model => model.Name);
                terminal.Print(source.Name, $"code {source.Licence}: {string.Join(", ", names)}", TermsColumns);
            }
            foreach (DataSet data in PublicModels.All.Select(model => model.DataSet).Distinct())
                terminal.Print(data.Name, $"the data set's own terms: {data.Terms}", TermsColumns);
        });
        return command;
    }

    /// <summary>By what the file holds: one that was copied in part would else be found out only when it is used.</summary>
    public static string State(PublicModel model)
    {
        string path = WeightsCache.PathOf(model);
        if (!File.Exists(path))
            return "";
        try
        {
            return PartFile.IsWhole(path, model.Digits) ? "  here" : "  damaged";
        }
        catch (WeightsException)
        {
            return "  unreadable";
        }
    }

    private static string Row(string name, string data, string classes, string score, string size, string here) =>
        $"{name,-26}{data,-12}{classes,7}{score,8}{size,10}{here}";
}
