namespace SpGpu.Data;

/// <summary>The order of the 8-bit channels of a pixel in memory. Alpha is skipped, never multiplied in.</summary>
public enum PixelOrder
{
    /// <summary>Red, green, blue: 3 bytes a pixel.</summary>
    Rgb,

    /// <summary>Blue, green, red: 3 bytes a pixel.</summary>
    Bgr,

    /// <summary>Red, green, blue, alpha: 4 bytes a pixel.</summary>
    Rgba,

    /// <summary>Blue, green, red, alpha: 4 bytes a pixel.</summary>
    Bgra,
}
