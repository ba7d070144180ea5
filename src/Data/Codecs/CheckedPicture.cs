using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>
/// A file as the decoder gets it: looked through beforehand, without the parts that it does not need and that a small
/// file can use to keep it busy.
/// </summary>
/// <param name="File">The bytes; the array that was given, changed in place.</param>
/// <param name="Length">How many of them count.</param>
/// <param name="Origin">The corner that the first stored pixel belongs in.</param>
internal readonly record struct CheckedPicture(byte[] File, int Length, SKEncodedOrigin Origin = SKEncodedOrigin.TopLeft)
{
    // Room for what is no pixel; the deepest pixel has 8 bytes, and some encoders store it as badly as can be.
    private const int OtherBytes = 64 << 20, BytesPerPixel = 16;

    // Of formats that pack more closely, and whose size does not always stand at the start.
    private const int MaxPackedBytes = 256 << 20;

    /// <summary>Whether its pixels cannot be in so few bytes, which is seen before memory is taken for them.</summary>
    public bool HasTooLittleData { get; init; }

    /// <summary>The frame of a JPEG that ends without saying so, whose last pixels are to be doubted; else null.</summary>
    public JpegFrame? Unended { get; init; }

    /// <summary>The most bytes that a file may have, by its first ones, before memory is taken for all of them.</summary>
    /// <exception cref="ImageException">It is of a format that is not read.</exception>
    public static int MostBytes(ReadOnlySpan<byte> first, string name) => PictureSignature.Of(first, name) switch
    {
        PictureFormat.Png => WithPixels(PngPicture.Pixels(first)),
        PictureFormat.Bmp => WithPixels(BmpPicture.Pixels(first)),
        _ => MaxPackedBytes,
    };

    /// <exception cref="ImageException">The file is cut short or holds what no sound picture does.</exception>
    public static CheckedPicture Of(byte[] file, string name) => PictureSignature.Of(file, name) switch
    {
        PictureFormat.Jpeg => JpegPicture.Check(file, name),
        PictureFormat.Png => PngPicture.Check(file, name),
        PictureFormat.WebP => WebPPicture.Check(file),
        PictureFormat.Bmp => BmpPicture.Check(file),
        _ => new CheckedPicture(file, file.Length),
    };

    private static int WithPixels(long pixels) => (int)Math.Min(OtherBytes + BytesPerPixel * pixels, ImageDecoder.MaxFileBytes);

    /// <summary>Of a file that ends before the picture does.</summary>
    public static ImageException CutShort(string name) =>
        new($"cannot read '{name}': it is cut short, part of the picture is missing; copy or download it again");
}
