using System.CommandLine;
using SpGpu.Checks;
using SpGpu.Cli.Output;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu selftest</c>: every operator on a device against a double-precision reference.</summary>
internal static class SelftestVerb
{
    public static Command Create(Terminal terminal)
    {
        var device = new DeviceChoice();
        var filter = new Option<string>("--filter")
        {
            Description = "Only cases whose name has this text",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        var size = new Option<CaseSize?>("--cases")
        {
            Description = "tiny, or small as well; small, but tiny for ilgpu-cpu, if not given",
            HelpName = "SIZE",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (text is "tiny" or "small")
                    return text == "tiny" ? CaseSize.Tiny : CaseSize.Small;
                result.AddError($"--cases {text}: give tiny or small");
                return null;
            },
        };
        Option<int> tile = Options.Tile();
        Option<string> json = JsonResults.Option();
        var command = new Verb("selftest", "Check every operator on a device against a reference.",
            "spgpu selftest",
            "spgpu selftest --device opencl:0 --filter 'strip means'",
            "spgpu selftest --device cuda:0 --tile 128")
        {
            device.Name, device.Threads, device.NoWinograd, device.NoTensorCores, filter, size, tile, json,
        };
        command.SetAction(parsed =>
        {
            int side = parsed.GetValue(tile);
            JsonResults? results = JsonResults.Of(parsed.GetValue(json), terminal);
            using Device opened = device.Open(parsed, side);
            return Run(terminal, opened, parsed.GetRequiredValue(filter), parsed.GetValue(size), tiledOnly: side > 0, results);
        });
        return command;
    }

    /// <summary>Checks a device; apart from the command line so that tests can give it a broken one.</summary>
    /// <param name="terminal">For the results.</param>
    /// <param name="device">The device.</param>
    /// <param name="filter">What the names of the cases contain.</param>
    /// <param name="size">The largest cases; null takes those that suit the device.</param>
    /// <param name="tiledOnly">Whether to leave out what no tile computes.</param>
    /// <param name="results">Takes the results as JSON.</param>
    public static int Run(
        Terminal terminal, Device device, string filter, CaseSize? size = null, bool tiledOnly = false, JsonResults? results = null)
    {
        // ILGPU's processor accelerator takes milliseconds for every group of threads.
        CaseSize most = size ?? (device.Name == "ilgpu-cpu" ? CaseSize.Tiny : CaseSize.Small);
        OperatorCase[] cases =
        [
            .. OperatorCases.UpTo(most)
                .Where(@case => @case.Name.Contains(filter, StringComparison.OrdinalIgnoreCase) && (@case.IsTiled || !tiledOnly)),
        ];
        if (cases.Length == 0)
            throw new ConfigurationException($"no case has '{filter}' in its name; leave --filter out to run all");
        var failed = new List<(string Case, string Message)>();
        int code = ExitCode.Done;
        terminal.ForEach("cases", cases, @case =>
        {
            if (Fault(device, @case) is not { } fault)
                return;
            failed.Add((@case.Name, fault.Message.ReplaceLineEndings(" ")));
            code = Math.Max(code, fault.Code);
            terminal.Print($"FAILED {failed[^1].Case}: {failed[^1].Message}");
        });
        terminal.Print($"{device.Name}: {device.Description}");
        terminal.Print(FormattableString.Invariant($"{cases.Length - failed.Count} passed, {failed.Count} failed"));
        results?.Write(json =>
        {
            json.WriteString("device", $"{device.Name}: {device.Description}");
            json.WriteNumber("passed", cases.Length - failed.Count);
            JsonResults.WriteArray(json, "failed", failed, fault =>
            {
                json.WriteString("case", fault.Case);
                json.WriteString("message", fault.Message);
            });
        });
        return code;
    }

    /// <summary>What is wrong with an operator; an error counts as well, so that the other cases still run.</summary>
    /// <exception cref="DeviceException">The device is lost, so that no case would run any more.</exception>
    private static (string Message, int Code)? Fault(Device device, OperatorCase @case)
    {
        try
        {
            CheckResult result = OperatorCheck.Run(device, @case);
            return result.Passed ? null : ($"{result.Variant}: {result.Message}", ExitCode.Failed);
        }
        catch (DeviceException error)
        {
            device.Synchronize();
            return (error.Message, ExitCode.Device);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return (error.Message, ExitCode.Failed);
        }
    }
}
