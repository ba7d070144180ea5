using SpGpu.Data.Transforms;

namespace SpGpu.Data.Datasets;

/// <summary>The order in which an epoch visits the samples.</summary>
internal static class EpochOrder
{
    // No sample has this index, so the order shares no random numbers with any augmentation.
    private const int OrderStream = -1;

    /// <summary>All indices below <paramref name="count"/>, shuffled by Fisher and Yates from seed and epoch alone.</summary>
    public static int[] Shuffled(int count, ulong seed, int epoch)
    {
        var random = new SampleRandom(seed, epoch, OrderStream);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = random.NextInt(i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}
