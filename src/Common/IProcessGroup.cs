namespace SpGpu;

/// <summary>
/// Processes that work on one thing together. All of them call the same methods in the same order with as many bytes, and each waits
/// there for the others; one thread at a time.
/// </summary>
public interface IProcessGroup
{
    /// <summary>The number of this process, from 0.</summary>
    int Rank { get; }

    /// <summary>How many processes there are, at least 1.</summary>
    int Count { get; }

    /// <summary>Gives every process what each has.</summary>
    /// <param name="mine">What this one has.</param>
    /// <param name="all">Takes what all have, one after another by rank: <see cref="Count"/> times as many bytes.</param>
    void Gather(ReadOnlySpan<byte> mine, Span<byte> all);

    /// <summary>Gives part number r of what each process has to process r.</summary>
    /// <param name="given"><see cref="Count"/> parts of the same length, one after another.</param>
    /// <param name="taken">Takes this process's part of what each has, by rank: as many bytes.</param>
    void Exchange(ReadOnlySpan<byte> given, Span<byte> taken);

    /// <summary>Gives all what process 0 has.</summary>
    /// <param name="bytes">Of process 0 what it gives; of the others what is written over.</param>
    void Broadcast(Span<byte> bytes);
}
