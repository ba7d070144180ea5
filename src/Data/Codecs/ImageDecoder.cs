using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>Turns the bytes of a picture file into pixels. Skia decodes; what it is given and returns is checked here.</summary>
internal static unsafe class ImageDecoder
{
    /// <summary>The largest file that is read: an uncompressed picture of <see cref="RgbImage.MaxPixels"/> fits.</summary>
    public const int MaxFileBytes = 512 << 20;

    /// <param name="file">The file; the bytes do not stay as they are.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="orient">Whether to turn it upright.</param>
    /// <param name="warn">Takes what is wrong with a picture that is read nevertheless.</param>
    /// <param name="maxPixels">The most pixels that it may have.</param>
    public static RgbImage Decode(
        byte[] file, string name, bool orient, Action<string>? warn, int maxPixels = RgbImage.MaxPixels)
    {
        CheckedPicture picture = CheckedPicture.Of(file, name);
        using SKBitmap bitmap = picture.Unended is { } frame
            ? DecodeUnended(picture, frame, name, maxPixels)
            : DecodePixels(picture, name, maxPixels);
        if (picture.Unended is not null)
            warn?.Invoke(
                $"'{name}' lacks the bytes that end a JPEG, its pixels are all there; " +
                "it may have been cut, copy or download it again if you can");
        return Upright.FromRgba(bitmap.GetPixelSpan(), bitmap.Width, bitmap.Height, orient ? picture.Origin : SKEncodedOrigin.TopLeft);
    }

    private static SKBitmap DecodePixels(CheckedPicture picture, string name, int maxPixels)
    {
        // From memory, because a managed stream would be called back by native code, which no exception may cross.
        fixed (byte* first = picture.File)
        {
            using var data = SKData.Create((nint)first, picture.Length);
            using var codec = SKCodec.Create(new SKMemoryStream(data))
                ?? throw new ImageException($"cannot read '{name}': its header is damaged or cut short; copy or download it again");
            CheckSize(codec.Info, name, maxPixels);
            if (picture.HasTooLittleData)
                throw CheckedPicture.CutShort(name);
            return DecodePixels(codec, name);
        }
    }

    /// <summary>Before any memory is taken for pixels.</summary>
    private static void CheckSize(SKImageInfo info, string name, int maxPixels)
    {
        if ((long)info.Width * info.Height > maxPixels)
        {
            throw new ImageException(FormattableString.Invariant(
                $"cannot read '{name}': {info.Width} x {info.Height} pixels are above the limit of {maxPixels / 1e6:0.######} ") +
                "megapixels; scale it down or cut it up");
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
                throw new ImageException(
                    $"cannot read '{name}': no memory for {info.Width} x {info.Height} pixels; close other programs or scale it down");
            return codec.GetPixels(info, bitmap.GetPixels()) switch
            {
                SKCodecResult.Success => bitmap,
                SKCodecResult.IncompleteInput => throw CheckedPicture.CutShort(name),
                var result => throw new ImageException(
                    $"cannot read '{name}': its pixels are damaged or cut short ({result}); copy or download it again"),
            };
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Decodes a JPEG without an end if it has all of its pixels. The decoder fills up what is missing without a word, so it
    /// is asked twice, with other bytes behind the last scan, which matter only where something is missing.
    /// </summary>
    private static SKBitmap DecodeUnended(CheckedPicture picture, JpegFrame frame, string name, int maxPixels)
    {
        bool enlarged = false;
        SKBitmap bitmap = With([]);
        using (SKBitmap other = With([0xD5, 0x6B, 0x95, 0xCA, 0x5E, 0xB3, 0x9A, 0x6D]))
        {
            if (!bitmap.GetPixelSpan().SequenceEqual(other.GetPixelSpan()))
            {
                bitmap.Dispose();
                throw CheckedPicture.CutShort(name);
            }
        }
        if (!enlarged)
            return bitmap;
        bitmap.Dispose();
        return DecodePixels(picture, name, maxPixels);

        SKBitmap With(ReadOnlySpan<byte> behind)
        {
            byte[] file = [.. picture.File.AsSpan(0, picture.Length - 2), .. behind, 0xFF, 0xD9];
            enlarged = frame.TryShowWholeUnits(file);
            // Of an enlarged picture the true size is looked at when it is decoded as it is.
            int most = enlarged ? Math.Max(maxPixels, JpegFrame.MaxEnlargedPixels) : maxPixels;
            return DecodePixels(picture with { File = file, Length = file.Length }, name, most);
        }
    }
}
