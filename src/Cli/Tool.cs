using System.CommandLine;
using SpGpu.Cli.Usage;
using SpGpu.Cli.Verbs;

namespace SpGpu.Cli;

/// <summary>The command line as a whole: its verbs, its errors, its exit codes.</summary>
internal static class Tool
{
    public static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        Command root = Root(terminal);
        // Read apart from the parser, so that it also works where the command line is wrong.
        bool verbose = args.Contains(Options.VerboseName);
        try
        {
            ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (UsageError.Find(parsed) is { } mistake)
            {
                terminal.Complain(mistake);
                terminal.Error.WriteLine($"see '{Help.NameOf(parsed.CommandResult.Command)} --help'");
                return ExitCode.Usage;
            }
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (Exception error)
        {
            terminal.Complain(Describe(error));
            if (verbose)
                terminal.Error.WriteLine(error);
            return ExitCode.Of(error);
        }
    }

    private static Verb Root(Terminal terminal)
    {
        var root = new Verb("spgpu", "Semantic segmentation with strip pooling networks (SPNet).",
            "spgpu demo",
            "spgpu segment photo.jpg --weights spnet50.safetensors",
            "spgpu profile --random --size 480x480 --group")
        {
            SegmentVerb.Create(terminal),
            ForwardVerb.Create(terminal),
            InfoVerb.Create(terminal),
            EvalVerb.Create(terminal),
            DatasetVerb.Create(terminal),
            ConvertVerb.Create(terminal),
            ExportVerb.Create(terminal),
            DevicesVerb.Create(terminal),
            SelftestVerb.Create(terminal),
            ProfileVerb.Create(terminal),
            DemoVerb.Create(terminal),
            SynthVerb.Create(terminal),
            TrainVerb.Create(terminal),
        };
        root.Options.Add(Help.Option());
        root.Options.Add(Options.Version());
        root.Options.Add(Options.Verbose());
        return root;
    }

    private static string Describe(Exception error) => error switch
    {
        SpGpuException => error.Message,
        OperationCanceledException => "interrupted",
        OutOfMemoryException => "not enough memory; use smaller pictures, --long-side or --window",
        _ => $"unexpected error: {error.Message} (add {Options.VerboseName} for where it happened)",
    };
}
