namespace SpGpu.Layers.Plans;

/// <summary>A piece of the arena: its length in 32-bit elements and the steps in which it is alive.</summary>
internal sealed class Allocation(int length, int firstStep, bool holdsBytes = false)
{
    public int Length { get; } = length;

    /// <summary>Whether its tensors count their offsets in bytes, which fit an integer only near the start of the block.</summary>
    public bool HoldsBytes { get; } = holdsBytes;

    public int FirstStep { get; set; } = firstStep;

    public int LastStep { get; set; } = firstStep;

    public int Offset { get; set; }
}

/// <summary>
/// Places allocations in one block so that those alive at the same time do not overlap: those of bytes first, then
/// the largest, each at the lowest place that is free for its whole life.
/// </summary>
internal static class MemoryPlanner
{
    /// <summary>256 bytes.</summary>
    private const int Alignment = 64;

    private static readonly Comparer<Allocation> _byOffset = Comparer<Allocation>.Create((a, b) => a.Offset.CompareTo(b.Offset));

    private static readonly Comparer<Allocation> _inTurn = Comparer<Allocation>.Create((a, b) =>
        a.HoldsBytes != b.HoldsBytes ? b.HoldsBytes.CompareTo(a.HoldsBytes)
        : a.Length != b.Length ? b.Length.CompareTo(a.Length)
        : a.FirstStep.CompareTo(b.FirstStep));

    /// <summary>Sets the offsets and returns the length of the block.</summary>
    /// <exception cref="ShapeException">The block would exceed 2^31 elements.</exception>
    public static int Place(IReadOnlyCollection<Allocation> allocations)
    {
        var placed = new List<Allocation>();
        long length = 0;
        foreach (Allocation allocation in allocations.Order(_inTurn))
        {
            long offset = 0;
            foreach (Allocation other in placed.Where(o => o.FirstStep <= allocation.LastStep && allocation.FirstStep <= o.LastStep)
                .Order(_byOffset))
            {
                if (offset + allocation.Length <= other.Offset)
                    break;
                offset = Math.Max(offset, Align((long)other.Offset + other.Length));
            }
            length = Math.Max(length, offset + allocation.Length);
            if (length > int.MaxValue - Alignment)
                throw new ShapeException("the activations need more than 2^31 elements; use a smaller image, a smaller batch or windows");
            allocation.Offset = (int)offset;
            placed.Add(allocation);
        }
        return (int)Align(length);
    }

    private static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
}
