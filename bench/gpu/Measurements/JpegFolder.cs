using SkiaSharp;

namespace SpGpu.Bench.GpuMachine.Measurements;

/// <summary>Makes JPEGs of the pictures of a folder, so that a data set fits into what may be carried.</summary>
internal static class JpegFolder
{
    public static int Run(string from, string to, int quality)
    {
        Directory.CreateDirectory(to);
        string[] pictures = Directory.GetFiles(from, "*.png");
        foreach (string picture in pictures)
        {
            using SKBitmap bitmap = SKBitmap.Decode(picture) ?? throw new InvalidDataException($"cannot read '{picture}'");
            using FileStream stream = File.Create(Path.Combine(to, Path.GetFileNameWithoutExtension(picture) + ".jpg"));
            bitmap.Encode(stream, SKEncodedImageFormat.Jpeg, quality);
        }
        Console.WriteLine($"{pictures.Length} pictures from '{from}' at quality {quality}");
        return pictures.Length > 0 ? 0 : 1;
    }
}
