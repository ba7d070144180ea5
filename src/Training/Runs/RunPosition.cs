namespace SpGpu.Training.Runs;

/// <summary>Where a run is: between two steps.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">Batches of the epoch that are done; all of them while its validation is to come.</param>
/// <param name="Best">The best validation score (mean IoU over the classes present) so far; NaN before the first.</param>
internal sealed record RunPosition(long Step, int Epoch, int Batch, double Best)
{
    /// <summary>The beginning.</summary>
    public static RunPosition Start { get; } = new(0, 0, 0, double.NaN);
}
