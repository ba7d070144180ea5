using System.Buffers.Binary;
using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>
/// Takes from a WebP what its first picture does not need: the decoder makes a list of all chunks, which takes several
/// times the memory of a file of small ones. The orientation is found on the way.
/// </summary>
internal static class WebPPicture
{
    private const int FileHeader = 12, ChunkHeader = 8;

    /// <summary>The bits of VP8X that announce a profile, EXIF and XMP.</summary>
    private const byte Extras = 0x20 | 0x08 | 0x04;

    public static CheckedPicture Check(byte[] file)
    {
        Span<byte> size = file.AsSpan(4);
        uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(size);
        int end = (int)Math.Min((ulong)claimed + ChunkHeader, (ulong)file.Length);
        SKEncodedOrigin? origin = null;
        bool animated = false;
        int to = FileHeader;
        for (int from = FileHeader; from < end;)
        {
            Span<byte> chunk = file.AsSpan(from..end);
            // Contents are padded to an even length. The decoder finds out about a last chunk that is cut short.
            ulong length = chunk.Length < ChunkHeader ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            chunk = chunk[..(int)Math.Min((ulong)chunk.Length, ChunkHeader + length + (length & 1))];
            from += chunk.Length;
            bool keep = chunk.Length < ChunkHeader || chunk.StartsWith("VP8"u8) || chunk.StartsWith("ALPH"u8) || chunk.StartsWith("ANIM"u8);
            if (chunk.StartsWith("ANMF"u8))
                keep = !animated && (animated = true);
            if (chunk.StartsWith("EXIF"u8))
                origin ??= ExifOrientation.Of(chunk[ChunkHeader..]);
            if (chunk.StartsWith("VP8X"u8) && chunk.Length > ChunkHeader)
                chunk[ChunkHeader] &= unchecked((byte)~Extras);
            if (!keep)
                continue;
            chunk.CopyTo(file.AsSpan(to));
            to += chunk.Length;
        }
        // What the file claims to have beyond its end stays missing.
        BinaryPrimitives.WriteUInt32LittleEndian(size, claimed - (uint)(end - to));
        return new CheckedPicture(file, to, origin ?? SKEncodedOrigin.TopLeft);
    }
}
