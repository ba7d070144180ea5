namespace SpGpu.Data.Datasets;

/// <summary>How a <see cref="BatchLoader"/> forms batches.</summary>
public sealed record LoaderOptions
{
    /// <summary>Samples in a batch, at least 1.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Decides the order and, with the epoch and the sample, every augmentation.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own; else the samples come as the dataset has them.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether samples that fill no whole batch are left out of the epoch; else the last batch is smaller.</summary>
    public bool DropLast { get; init; } = true;

    /// <summary>
    /// The part of every batch that is read, of parts of equal size: number <c>Index</c>, from 0, of <c>Count</c>. Processes that share
    /// batches out take one each. Only of whole batches (<see cref="DropLast"/>).
    /// </summary>
    public (int Index, int Count) Part { get; init; } = (0, 1);

    /// <summary>
    /// Bytes that samples may take as they are read, before they are transformed: those that fit are read from their files
    /// once and stay in memory for the later epochs. 0 keeps none.
    /// </summary>
    public long KeptBytes { get; init; }

    /// <summary>
    /// Whether the arrays of a batch hold another one as soon as the next one is asked for. New arrays of this size are new
    /// memory, which takes several times as long to write to first.
    /// </summary>
    public bool ReusesBatches { get; init; }

    /// <summary>Threads that read and transform, at least 1. They change nothing but the time it takes.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 8);
}
