namespace SpGpu;

/// <summary>Looks whether processes that work together are about to do the same.</summary>
internal static class Agreement
{
    /// <summary>Compares what all processes have; all of them ask, for the same things.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="items">A number that stands for each thing, and what to call another one: "other settings".</param>
    /// <exception cref="ConfigurationException">Something differs; in all processes alike.</exception>
    public static void RequireSame(this IProcessGroup group, params (string Other, ulong Hash)[] items)
    {
        ulong[] all = group.GatherOf<ulong>([.. items.Select(item => item.Hash)]);
        for (int i = items.Length; i < all.Length; i++)
        {
            if (all[i] != all[i % items.Length])
                throw new ConfigurationException(
                    FormattableString.Invariant($"process {i / items.Length} has {items[i % items.Length].Other} than process 0; ") +
                    "give all processes the same command line, files and folders");
        }
    }
}
