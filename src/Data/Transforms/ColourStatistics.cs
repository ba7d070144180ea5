namespace SpGpu.Data.Transforms;

/// <summary>Mean and deviation of red, green and blue, 0 to 255, of the pictures that the backbones were trained on.</summary>
public static class ColourStatistics
{
    /// <summary>255 * (0.485, 0.456, 0.406): taken off before the network, and the colour of borders.</summary>
    public static IReadOnlyList<float> Mean { get; } = [123.675f, 116.28f, 103.53f];

    /// <summary>255 * (0.229, 0.224, 0.225): divided by before the network.</summary>
    public static IReadOnlyList<float> Deviation { get; } = [58.395f, 57.12f, 57.375f];
}
