namespace SpGpu.Data.Transforms;

/// <summary>The one rule for the size of crops.</summary>
internal static class CropSize
{
    public static void Check(int width, int height)
    {
        if (width < 1 || height < 1)
            throw new ConfigurationException($"a crop of {width} x {height} has no pixels; choose train_w and train_h above 0");
    }
}
