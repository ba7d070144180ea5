using SkiaSharp;

namespace SpGpu.Data;

/// <summary>Turns the bytes of a picture file into pixels. Skia decodes; what it is given and returns is checked here.</summary>
internal static unsafe class ImageDecoder
{
    /// <summary>The largest file that is read: an uncompressed picture of <see cref="RgbImage.MaxPixels"/> fits.</summary>
    public const int MaxFileBytes = 512 << 20;

    // Decoding takes (scans x pixels) time and a scan may take a few bytes: a small file could keep a machine
    // busy for hours. Encoders write about 10 scans, optimisers below 100.
    private const int MaxJpegScans = 256;

    private const string Supported = "SpGpu reads JPEG, PNG, WebP, BMP and GIF";

    /// <summary>The marker that starts a scan.</summary>
    private static ReadOnlySpan<byte> JpegScan => [0xFF, 0xDA];

    /// <summary>The whole last chunk: length 0, name, checksum.</summary>
    private static ReadOnlySpan<byte> PngEnd => [0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82];

    public static RgbImage Decode(byte[] file, string name, bool orient)
    {
        if (file.Length == 0)
            throw new ImageException($"cannot read '{name}': the file is empty; copy or download it again");
        // From memory, because a managed stream would be called back by native code, which no exception may cross.
        fixed (byte* first = file)
        {
            using var data = SKData.Create((nint)first, file.Length);
            using var codec = SKCodec.Create(new SKMemoryStream(data), out SKCodecResult opened);
            if (codec is null)
            {
                throw new ImageException(opened == SKCodecResult.Unimplemented
                    ? $"cannot read '{name}': it is not a picture of a known format; {Supported}: convert it to one of these"
                    : $"cannot read '{name}': its header is damaged or cut short; copy or download it again");
            }
            CheckFile(file, codec.EncodedFormat, name);
            CheckSize(codec.Info, name);
            using SKBitmap bitmap = DecodePixels(codec, name);
            SKEncodedOrigin origin = orient ? codec.EncodedOrigin : SKEncodedOrigin.TopLeft;
            return Upright.FromRgba(bitmap.GetPixelSpan(), bitmap.Width, bitmap.Height, origin);
        }
    }

    private static void CheckFile(ReadOnlySpan<byte> file, SKEncodedImageFormat format, string name)
    {
        switch (format)
        {
            case SKEncodedImageFormat.Jpeg:
                // Entropy-coded data never holds the marker; counting one in a thumbnail does no harm.
                if (file.Count(JpegScan) > MaxJpegScans)
                    throw new ImageException($"cannot read '{name}': a JPEG of more than {MaxJpegScans} scans; save it again with another program");
                break;
            case SKEncodedImageFormat.Png:
                // Skia stops at the last row and does not look for the end.
                if (file.IndexOf(PngEnd) < 0)
                    throw CutShort(name);
                break;
            case SKEncodedImageFormat.Webp or SKEncodedImageFormat.Bmp or SKEncodedImageFormat.Gif:
                break;
            default:
                throw new ImageException($"cannot read '{name}': {format} pictures are not supported; {Supported}: convert it to one of these");
        }
    }

    /// <summary>Before any memory is taken for pixels.</summary>
    private static void CheckSize(SKImageInfo info, string name)
    {
        if ((long)info.Width * info.Height > RgbImage.MaxPixels)
        {
            throw new ImageException(
                $"cannot read '{name}': {info.Width} x {info.Height} pixels are above the limit of {RgbImage.MaxPixels / 1_000_000} megapixels; scale it down or cut it up");
        }
    }

    private static SKBitmap DecodePixels(SKCodec codec, string name)
    {
        // Unpremultiplied and without a colour space: the stored values, neither darkened by alpha nor converted.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(info))
                throw new ImageException($"cannot read '{name}': no memory for {info.Width} x {info.Height} pixels; close other programs or scale it down");
            return codec.GetPixels(info, bitmap.GetPixels()) switch
            {
                SKCodecResult.Success => bitmap,
                SKCodecResult.IncompleteInput => throw CutShort(name),
                var result => throw new ImageException($"cannot read '{name}': its pixels are damaged or cut short ({result}); copy or download it again"),
            };
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    private static ImageException CutShort(string name) =>
        new($"cannot read '{name}': it is cut short, part of the picture is missing; copy or download it again");
}
