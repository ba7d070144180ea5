namespace SpGpu.Data.Transforms;

public sealed partial class LabelledPicture
{
    /// <summary>Left and right exchanged.</summary>
    public LabelledPicture Flip()
    {
        var flipped = new LabelledPicture(Width, Height);
        for (int y = 0, to = 0; y < Height; y++)
        {
            for (int from = (y + 1) * Width - 1; from >= y * Width; from--, to++)
            {
                flipped.Labels[to] = Labels[from];
                Pixels.AsSpan(3 * from, 3).CopyTo(flipped.Pixels.AsSpan(3 * to));
            }
        }
        return flipped;
    }
}
