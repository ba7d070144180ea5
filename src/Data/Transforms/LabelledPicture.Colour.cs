namespace SpGpu.Data.Transforms;

public sealed partial class LabelledPicture
{
    // Luma of ITU-R BT.601, as torchvision takes it.
    private const float OfRed = 0.299f, OfGreen = 0.587f, OfBlue = 0.114f;

    /// <summary>
    /// Other brightness, contrast about the picture's mean luma and saturation about each pixel's luma, one after the
    /// other, kept within 0 to 255 at the end; 1 leaves each as it is. Labels stay.
    /// </summary>
    public LabelledPicture Recolour(float brightness, float contrast, float saturation)
    {
        var changed = new LabelledPicture(GC.AllocateUninitializedArray<float>(Pixels.Length), Labels, Width, Height);
        // Of whole numbers, so that the order makes no difference: a flipped picture becomes the same flipped.
        double sum = 0;
        for (int i = 0; i < Pixels.Length; i += 3)
            sum += MathF.Round(4096 * Luma(Pixels.AsSpan(i, 3)));
        // Each of the three is linear, so that together they are a factor of the pixel, one of its luma and a shift.
        float mean = brightness * (float)(sum / 4096 / (Width * Height)), shift = (1 - contrast) * mean;
        float own = brightness * contrast * saturation, grey = brightness * contrast * (1 - saturation);
        for (int i = 0; i < Pixels.Length; i += 3)
        {
            float add = grey * Luma(Pixels.AsSpan(i, 3)) + shift;
            for (int channel = i; channel < i + 3; channel++)
                changed.Pixels[channel] = Math.Clamp(own * Pixels[channel] + add, 0, 255);
        }
        return changed;
    }

    private static float Luma(ReadOnlySpan<float> pixel) => OfRed * pixel[0] + OfGreen * pixel[1] + OfBlue * pixel[2];
}
