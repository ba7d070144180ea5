using System.CommandLine;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;
using SpGpu.Mpi;
using SpGpu.Training;
using SpGpu.Training.Configuration;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu train</c>: weights from pictures and labels.</summary>
internal static class TrainVerb
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("CONFIG")
        {
            Description = "A YAML file with the official keys, such as --init writes",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var pairs = new Argument<string[]>("KEY=VALUE")
        {
            Description = "Settings that win over the file, such as data_root (a folder with images/ and labels/) and classes",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var folder = new Option<string>("--out") { Description = "The run folder; by default save_path, or runs/CONFIG", HelpName = "DIR" };
        var resume = new Option<string>("--resume")
        {
            Description = "Go on: auto (the last checkpoint of the run folder, if any) or a file",
            HelpName = "auto|FILE",
        };
        string starts = string.Join(", ", StartingConfiguration.Names);
        Option<string> init = Options.Choice(
            "--init", $"Write a configuration to start from ({starts}) as CONFIG or NAME.yaml, and end", StartingConfiguration.Names);
        init.HelpName = "NAME";
        var keys = new Option<bool>("--keys") { Description = "List all settings and what they mean, and end" };
        var device = new DeviceChoice();
        var command = new Verb("train", "Train a network on your own pictures.",
            "spgpu train --init folder",
            "spgpu train folder.yaml data_root=pictures classes=12",
            "spgpu train folder.yaml --out runs/a --resume auto")
        {
            file, pairs, folder, resume, init, keys, device.Name, device.Threads,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(keys))
            {
                SettingsTable.Print(terminal);
                return ExitCode.Done;
            }
            if (parsed.GetValue(init) is { } start)
            {
                string written = parsed.GetValue(file) ?? $"{start}.yaml";
                StartingConfiguration.Write(start, written);
                string example = $"spgpu train {written} data_root=FOLDER classes=12";
                terminal.Wrote($"'{written}'; edit it, or give settings behind it, as in: {example}");
                return ExitCode.Done;
            }
            return Processes.Run(terminal, group => Train(parsed, group));
        });
        return command;

        int Train(ParseResult parsed, MpiGroup? group)
        {
            bool writes = group is null or { Rank: 0 };
            Action<string> print = writes ? terminal.Print : _ => { };
            string path = parsed.GetValue(file)
                ?? throw new ConfigurationException("no configuration; name one, or write one to start from with --init folder");
            (TrainingConfiguration configuration, IReadOnlyList<string> idle) =
                ConfigurationReader.Read(path, parsed.GetValue(pairs) ?? []);
            if (idle.Count > 0 && writes)
                terminal.Print("no effect here:", string.Join(' ', idle), 16);
            if (configuration.Weight is { } weight)
                configuration = configuration with { Weight = WeightsCache.Find(weight) };
            string target = parsed.GetValue(folder) ?? configuration.SavePath
                ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(path));
            using Device opened = device.Open(parsed, group: group);
            var options = new RunOptions
            {
                Folder = target,
                Resume = parsed.GetValue(resume) ?? configuration.Resume,
                Print = print,
                Group = group,
                Stop = terminal.Stop,
            };
            // At once: a step may take minutes, and in several processes none ends that waits for one which is no more.
            using CancellationTokenRegistration asked = terminal.Stop.Register(() => print(group is null
                ? "stopping after this step; Ctrl-C again to stop now"
                : $"stopping after this step; if it breaks off, '{target}' goes on with --resume auto"));
            try
            {
                TrainingRun.Run(configuration, opened, options);
            }
            catch (OperationCanceledException)
            {
                print(File.Exists(Path.Combine(target, "last.safetensors"))
                    ? "stopped with a checkpoint; go on with --resume auto"
                    : "stopped before the first step");
                throw;
            }
            if (writes)
                terminal.Print("done:", $"weights, logs and pictures are in '{target}'", 6);
            return ExitCode.Done;
        }
    }
}
