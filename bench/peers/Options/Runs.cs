using SpGpu.Peers.Engines;

namespace SpGpu.Peers.Options;

/// <summary>How a workload is measured, whatever it is.</summary>
internal sealed record Runs
{
    public int Threads { get; init; } = Environment.ProcessorCount;

    public InstructionSet Instructions { get; init; } = InstructionSet.Native;

    /// <summary>Processes of each engine, in turn.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>
    /// Runs of a process after the first result and before the timed ones, which .NET and PyTorch need to compile for
    /// speed; null is as many as suit the workload.
    /// </summary>
    public int? WarmUps { get; init; }

    /// <summary>Timed runs of a process; null is as many as suit the workload.</summary>
    public int? Timed { get; init; }

    /// <summary>When no further round begins; a first one always does.</summary>
    public DateTime Until { get; init; } = DateTime.MaxValue;

    /// <summary>The numbers of the rounds for which there is time.</summary>
    public IEnumerable<int> Numbers => Enumerable.Range(1, Rounds).TakeWhile(round => round == 1 || DateTime.UtcNow < Until);

    public string Text => $"{Threads} thread{(Threads == 1 ? "" : "s")}, {Instructions.Name}";

    /// <exception cref="ConfigurationException">A value is none of those allowed.</exception>
    public static Runs Take(OptionWords words, int? rounds = null)
    {
        var preset = new Runs();
        return new Runs
        {
            Threads = words.Number("--threads", preset.Threads),
            Instructions = InstructionSet.Named(words.Choice("--isa", "native", "native", "avx2")),
            Rounds = words.Number("--rounds", rounds ?? preset.Rounds),
            WarmUps = words.NumberOrNull("--warmups", 0),
            Timed = words.NumberOrNull("--runs"),
        };
    }
}
