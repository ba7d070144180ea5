using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu pull</c>: downloads a trained network. Nothing else of the tool uses a network.</summary>
internal static class PullVerb
{
    /// <summary>The environment variable that names a server which has the files under their own names.</summary>
    private const string MirrorVariable = "SPGPU_MIRROR";

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "A network that 'spgpu models' lists" };
        Option<int> timeout = Options.Number("--timeout", "Seconds after which a server that sends nothing is given up", 1, 30);
        Option<int> tries = Options.Number("--tries", "How often it is tried where a connection breaks or stalls", 1, 6);
        var command = new Verb("pull", $"Download a trained network into the cache ({WeightsCache.Variable} names another folder).",
            "spgpu pull ddrnet23-slim-cityscapes",
            "spgpu segment photo.jpg --weights ddrnet23-slim-cityscapes")
        {
            name, timeout, tries,
        };
        command.SetAction(parsed =>
        {
            string wanted = parsed.GetRequiredValue(name);
            PublicModel model = PublicModels.Find(wanted) ?? throw new ConfigurationException(
                $"no network is called '{wanted}'; 'spgpu models' lists them{PublicModels.SuggestionFor(wanted)}");
            var limits = new DownloadLimits(TimeSpan.FromSeconds(parsed.GetValue(timeout))) { Attempts = parsed.GetValue(tries) };
            Pull(terminal, model, AddressOf(model), limits);
        });
        return command;
    }

    /// <summary>Downloads a network, unless it is in the cache already.</summary>
    public static void Pull(Terminal terminal, PublicModel model, Uri address, DownloadLimits limits)
    {
        string path = WeightsCache.PathOf(model);
        if (File.Exists(path))
        {
            if (PartFile.IsWhole(path, model.Digits))
            {
                terminal.Print($"'{path}' is there already");
                return;
            }
            terminal.Print($"'{path}' is damaged: its hash is not that of its name; it is downloaded again");
        }
        CreateFolder(WeightsCache.Folder);
        terminal.Print("from", address.ToString(), 6);
        terminal.Print("terms", $"{model.Source.Name}'s code: {model.Source.Licence}; {model.DataSet.Name}: {model.DataSet.Terms}", 6);
        try
        {
            terminal.Transfer(model.Name, progress => new Download(address, limits, terminal.Print, progress)
                .To(path, model.Digits, terminal.Stop).GetAwaiter().GetResult());
        }
        catch
        {
            if (new FileInfo(PartFile.PathOf(path)) is { Exists: true, Length: > 0 and long length })
                terminal.Print($"{Text.Bytes(length)} have come and stay; 'spgpu pull {model.Name}' goes on from there");
            throw;
        }
        terminal.Wrote($"'{path}'{OutputFile.Size(path)}; its hash is that of its name");
    }

    /// <summary>Where a network is: at its publisher's, or on the server that the variable names.</summary>
    /// <exception cref="ConfigurationException">The variable is no address.</exception>
    private static Uri AddressOf(PublicModel model)
    {
        if (Environment.GetEnvironmentVariable(MirrorVariable) is not { Length: > 0 } mirror)
            return new Uri(model.Source.Root + model.Path);
        return Uri.TryCreate($"{mirror.TrimEnd('/')}/{model.FileName}", UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : throw new ConfigurationException(
                $"{MirrorVariable} is '{mirror}'; give it an address such as http://server/folder, or leave it out");
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (WriteFailure.Is(error))
        {
            throw new OutputException(
                $"cannot make the folder '{folder}': {error.Message.TrimEnd('.')}; name another one by {WeightsCache.Variable}", error);
        }
    }
}
