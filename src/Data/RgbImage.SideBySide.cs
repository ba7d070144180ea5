namespace SpGpu.Data;

public sealed partial class RgbImage
{
    /// <summary>Pictures of one height in a row, from left to right.</summary>
    /// <exception cref="ImageException">There are none, or their heights differ.</exception>
    public static RgbImage SideBySide(params IReadOnlyList<RgbImage> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(part => part.Height != parts[0].Height))
            throw new ImageException("pictures side by side must be of one height, and at least one");
        int width = parts.Sum(part => part.Width);
        var pixels = new byte[3 * width * parts[0].Height];
        int to = 0;
        for (int y = 0; y < parts[0].Height; y++)
        {
            foreach (RgbImage part in parts)
            {
                part.Pixels.AsSpan(3 * part.Width * y, 3 * part.Width).CopyTo(pixels.AsSpan(to));
                to += 3 * part.Width;
            }
        }
        return new RgbImage(pixels, width, parts[0].Height);
    }
}
