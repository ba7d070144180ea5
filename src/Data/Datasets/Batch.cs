namespace SpGpu.Data.Datasets;

/// <summary>Samples of the same size, side by side in memory.</summary>
/// <param name="Epoch">The epoch that it belongs to.</param>
/// <param name="Index">Its number in the epoch, from 0.</param>
/// <param name="Samples">The indices of its samples in the dataset, in order.</param>
/// <param name="Images">Sample, channel, row, column: count x 3 x height x width normalised values.</param>
/// <param name="Labels">Sample, row, column: count x height x width classes or <see cref="LabelMap.Ignore"/>.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
public sealed record Batch(int Epoch, int Index, IReadOnlyList<int> Samples, float[] Images, byte[] Labels, int Width, int Height)
{
    /// <summary>The number of samples.</summary>
    public int Count => Samples.Count;
}
