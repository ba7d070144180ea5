namespace SpGpu.Models.Weights;

/// <summary>Checks the extents that a file claims.</summary>
internal static class TensorShape
{
    /// <summary>More dimensions than this are refused, as PyTorch's own operators refuse them.</summary>
    public const int MaxRank = 64;

    /// <summary>
    /// The extents as integers with the number of elements, or null where they are negative, too many, or their
    /// product (also that of the first few, before a zero) is more than an array can hold.
    /// </summary>
    public static (int[] Shape, int Count)? Check(IReadOnlyList<long> extents)
    {
        if (extents.Count > MaxRank)
            return null;
        int[] shape = new int[extents.Count];
        long count = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (extents[i] is < 0 or > int.MaxValue)
                return null;
            shape[i] = (int)extents[i];
            count *= shape[i];
            if (count > Array.MaxLength)
                return null;
        }
        return (shape, (int)count);
    }
}
