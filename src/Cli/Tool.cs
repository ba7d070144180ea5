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
        terminal.ShowsTraces = args.Contains(Options.VerboseName);
        try
        {
            ParseResult parsed = Parse(root, args);
            if (UsageError.Find(parsed) is { } mistake)
            {
                terminal.Complain(mistake);
                terminal.Explain($"see '{Help.NameOf(parsed.CommandResult.Command)} --help'");
                return ExitCode.Usage;
            }
            // For help and the version; verbs talk to the terminal.
            using var text = new StringWriter();
            int code = parsed.Invoke(new InvocationConfiguration
            {
                Output = text,
                Error = text,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
            for (var lines = new StringReader(text.ToString()); lines.ReadLine() is { } line;)
                terminal.Print(line.TrimEnd());
            return code;
        }
        catch (Exception error)
        {
            terminal.Complain(Describe(error));
            terminal.Trace(error);
            return ExitCode.Of(error);
        }
    }

    /// <summary>What is wrong with a command line, in a line; null where nothing is. Nothing is run.</summary>
    public static string? Mistake(IReadOnlyList<string> args, Terminal terminal) => UsageError.Find(Parse(Root(terminal), args));

    private static ParseResult Parse(Command root, IReadOnlyList<string> args) =>
        root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static Verb Root(Terminal terminal)
    {
        var root = new Verb("spgpu", "Semantic segmentation with strip pooling networks (SPNet).",
            "spgpu demo",
            "spgpu segment photo.jpg --weights spnet50.safetensors",
            "spgpu train --init folder",
            "spgpu profile --random --size 480x480 --group")
        {
            SegmentVerb.Create(terminal),
            ForwardVerb.Create(terminal),
            InfoVerb.Create(terminal),
            EvalVerb.Create(terminal),
            DatasetVerb.Create(terminal),
            ConvertVerb.Create(terminal),
            ExportVerb.Create(terminal),
            ModelsVerb.Create(terminal),
            PullVerb.Create(terminal),
            DevicesVerb.Create(terminal),
            SelftestVerb.Create(terminal),
            ProfileVerb.Create(terminal),
            DemoVerb.Create(terminal),
            SynthVerb.Create(terminal),
            TrainVerb.Create(terminal),
        };
        root.Options.Add(Help.Option(terminal.Columns));
        root.Options.Add(Options.Version());
        root.Options.Add(Options.Verbose());
        return root;
    }

    /// <summary>What an error says, in a line.</summary>
    public static string Describe(Exception error) => error switch
    {
        SpGpuException => error.Message,
        OperationCanceledException => "interrupted",
        OutOfMemoryException => "not enough memory; use smaller pictures, --long-side or --window",
        _ => $"unexpected error: {error.Message.ReplaceLineEndings(" ")} (add {Options.VerboseName} for where it happened)",
    };
}
