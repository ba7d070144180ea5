namespace SpGpu.Data.Codecs;

/// <summary>Undoes what a PNG encoder does to rows of one byte a pixel, or less, so that they pack better.</summary>
internal static class PngFilter
{
    /// <summary>
    /// Adds back what the filter took off: nothing, left, above, their mean, or the nearest of three. False if there is
    /// no such filter.
    /// </summary>
    public static bool TryUndo(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        byte left = 0, corner = 0;
        above = above[..row.Length];
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (int i = 0; i < row.Length; i++)
                    left = row[i] += left;
                return true;
            case 2:
                for (int i = 0; i < row.Length; i++)
                    row[i] += above[i];
                return true;
            case 3:
                for (int i = 0; i < row.Length; i++)
                    left = row[i] += (byte)(left + above[i] >> 1);
                return true;
            case 4:
                for (int i = 0; i < row.Length; i++)
                    (left, corner) = (row[i] += Nearest(left, above[i], corner), above[i]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The one nearest to left + above - corner, in this order (Paeth).</summary>
    private static byte Nearest(int left, int above, int corner)
    {
        int toLeft = Math.Abs(above - corner), toAbove = Math.Abs(left - corner), toCorner = Math.Abs(left + above - 2 * corner);
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }
}
