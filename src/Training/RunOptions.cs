namespace SpGpu.Training;

/// <summary>Where a run goes and whom it talks to.</summary>
public sealed record RunOptions
{
    /// <summary>The run folder; made if need be.</summary>
    public required string Folder { get; init; }

    /// <summary>A checkpoint to go on from; auto takes the last one of the folder, if there is one; null starts anew.</summary>
    public string? Resume { get; init; }

    /// <summary>Takes the lines of progress.</summary>
    public Action<string> Print { get; init; } = _ => { };

    /// <summary>
    /// The processes that train together, each with a part of every batch; all of them run the same. The first one writes the folder.
    /// Null where this one trains alone.
    /// </summary>
    public IProcessGroup? Group { get; init; }

    /// <summary>Asks the run to write a checkpoint and stop.</summary>
    public CancellationToken Stop { get; init; }
}
