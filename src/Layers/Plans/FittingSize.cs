using SpGpu.Gpu;

namespace SpGpu.Layers.Plans;

/// <summary>What would fit where a size does not.</summary>
internal static class FittingSize
{
    private const int Parts = 32, Multiple = 8;

    /// <summary>The largest of some smaller sizes, of about the same proportions, that fits; null if none does.</summary>
    /// <param name="size">The size that does not fit.</param>
    /// <param name="fits">Whether a smaller one does, tried a few times.</param>
    public static Size2D? Largest(Size2D size, Predicate<Size2D> fits)
    {
        int most = 0, tooLarge = Parts;
        while (tooLarge - most > 1)
        {
            int middle = (most + tooLarge) / 2;
            if (fits(Part(size, middle)))
                most = middle;
            else
                tooLarge = middle;
        }
        return most > 0 ? Part(size, most) : null;
    }

    private static Size2D Part(Size2D size, int part) => (Part(size.Height, part), Part(size.Width, part));

    private static int Part(int extent, int part) => Math.Max(1, (int)((long)extent * part / Parts) / Multiple * Multiple);
}
