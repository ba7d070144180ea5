using SpGpu.Layers;

namespace SpGpu.Models;

/// <summary>Finds networks whose sums overflow, though all of their weights are numbers.</summary>
internal static class ScoreCheck
{
    /// <summary>
    /// NaN loses every comparison, so that the first class gets every pixel. Where it has all of them, which may be right,
    /// the scores are looked at.
    /// </summary>
    /// <param name="labels">The labels of a picture.</param>
    /// <param name="scores">Fetches what they were made of.</param>
    /// <exception cref="WeightsException">The scores hold NaN or infinity.</exception>
    public static void ThrowIfOverflown(ReadOnlySpan<byte> labels, Func<IEnumerable<float[]>> scores)
    {
        if (!labels.ContainsAnyExcept((byte)0) && scores().Any(values => WeightValues.Problem("scores", values) is not null))
            throw new WeightsException(
                "the network's scores are NaN or infinite, as its weights are far too large; " +
                "take other weights, or train with a smaller base_lr");
    }
}
