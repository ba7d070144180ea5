using SpGpu.Cli.Usage;

namespace SpGpu.Cli;

/// <summary>The <c>spgpu</c> tool.</summary>
public static class Program
{
    /// <summary>Runs the tool for the process. The first Ctrl-C asks it to stop, as other signals do; the second one ends it.</summary>
    public static int Main(string[] args)
    {
        Processes.LeaveTerminal();
        using var utf8 = new Utf8Output();
        using var signals = new StopSignals();
        ScreenWriter.Install();
        return Tool.Run(args, Terminal.OfProcess(signals));
    }

    /// <summary>Runs the tool inside of another program, without colours or progress bars.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For errors.</param>
    /// <param name="stop">Asks the tool to stop, as Ctrl-C does.</param>
    /// <returns>The exit code; <c>spgpu --help</c> lists them.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken stop = default) =>
        Tool.Run(args, new Terminal(output, error, isInteractive: false, stop));
}
