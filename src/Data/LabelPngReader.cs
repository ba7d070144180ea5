using System.Buffers.Binary;
using System.IO.Compression;

namespace SpGpu.Data;

/// <summary>
/// Reads the pixel values of a palette or grey PNG. By hand, because Skia turns the values into colours on the way.
/// </summary>
internal static class LabelPngReader
{
    /// <summary>The largest file that is read: the values of <see cref="RgbImage.MaxPixels"/> fit uncompressed.</summary>
    public const int MaxFileBytes = 128 << 20;

    // No deflate stream grows by more than this, so a header that asks for more lies.
    private const int MaxDeflateRatio = 1032;

    private const int Grey = 0, IndexedColour = 3;

    public static LabelMap Read(ReadOnlySpan<byte> file, string name)
    {
        if (!file.StartsWith(PngChunks.Signature))
            throw new ImageException($"cannot read '{name}': label maps are PNG files whose pixel values are class indices, this is not a PNG; convert it without loss");
        ReadOnlySpan<byte> rest = file[PngChunks.Signature.Length..];
        if (!PngChunks.TryRead(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
            || !type.SequenceEqual("IHDR"u8) || content.Length != 13)
        {
            throw Damaged(name, "its header is missing");
        }
        Header header = ParseHeader(content, name);
        using MemoryStream compressed = CollectPixels(rest, name);
        if (header.Height * (header.RowBytes + 1L) > compressed.Length * MaxDeflateRatio)
            throw Damaged(name, "it has too little data for its size");
        return new LabelMap(Decompress(compressed, header, name), header.Width, header.Height);
    }

    private static Header ParseHeader(ReadOnlySpan<byte> content, string name)
    {
        uint width = BinaryPrimitives.ReadUInt32BigEndian(content), height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        (int bits, int colour) = (content[8], content[9]);
        if (width == 0 || height == 0 || content[10] != 0 || content[11] != 0)
            throw Damaged(name, "its header makes no sense");
        if ((ulong)width * height > RgbImage.MaxPixels)
        {
            throw new ImageException(
                $"cannot read '{name}': {width} x {height} pixels are above the limit of {RgbImage.MaxPixels / 1_000_000} megapixels; cut it up");
        }
        if (colour is not (Grey or IndexedColour))
            throw new ImageException($"cannot read '{name}': its pixels are colours, not class indices; convert it to a palette or 8-bit grey PNG of class indices");
        if (!(colour == Grey ? bits == 8 : bits is 1 or 2 or 4 or 8))
            throw new ImageException($"cannot read '{name}': {bits} bits a pixel are not supported; convert it to 8 bits");
        if (content[12] != 0)
            throw new ImageException($"cannot read '{name}': it is interlaced; save it without interlacing");
        return new Header((int)width, (int)height, bits);
    }

    /// <summary>The image data of all its chunks in one piece.</summary>
    private static MemoryStream CollectPixels(ReadOnlySpan<byte> rest, string name)
    {
        var compressed = new MemoryStream();
        while (true)
        {
            if (!PngChunks.TryRead(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content))
                throw Damaged(name, "it is cut short or a checksum is wrong");
            if (type.SequenceEqual("IEND"u8))
                break;
            if (type.SequenceEqual("IDAT"u8))
                compressed.Write(content);
        }
        compressed.Position = 0;
        return compressed;
    }

    private static byte[] Decompress(MemoryStream compressed, Header header, string name)
    {
        byte[] labels = new byte[header.Width * header.Height];
        byte[] row = new byte[header.RowBytes], previous = new byte[header.RowBytes];
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            for (int y = 0; y < header.Height; y++)
            {
                int filter = zlib.ReadByte();
                zlib.ReadExactly(row);
                if (!TryUnfilter(filter, row, previous))
                    throw Damaged(name, $"row {y} has no valid filter");
                Unpack(row, header.Bits, labels.AsSpan(y * header.Width, header.Width));
                (row, previous) = (previous, row);
            }
            // Reading past the last row also verifies the checksum.
            if (zlib.ReadByte() >= 0)
                throw Damaged(name, "it has more data than its size");
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(name, "its pixels are cut short or garbled", broken);
        }
        return labels;
    }

    /// <summary>Adds back what the filter took off: nothing, left, above, their mean, or the nearest of three.</summary>
    private static bool TryUnfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        byte left = 0, corner = 0;
        for (int i = 0; i < row.Length; i++)
        {
            switch (filter)
            {
                case 0:
                    return true;
                case 1:
                    row[i] += left;
                    break;
                case 2:
                    row[i] += above[i];
                    break;
                case 3:
                    row[i] += (byte)(left + above[i] >> 1);
                    break;
                case 4:
                    row[i] += Nearest(left, above[i], corner);
                    break;
                default:
                    return false;
            }
            (left, corner) = (row[i], above[i]);
        }
        return true;
    }

    /// <summary>The one nearest to left + above - corner, in this order (Paeth).</summary>
    private static byte Nearest(int left, int above, int corner)
    {
        int toLeft = Math.Abs(above - corner), toAbove = Math.Abs(left - corner), toCorner = Math.Abs(left + above - 2 * corner);
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }

    /// <summary>Spreads values of 1, 2, 4 or 8 bits, highest bits first, to a byte each.</summary>
    private static void Unpack(ReadOnlySpan<byte> row, int bits, Span<byte> labels)
    {
        for (int x = 0; x < labels.Length; x++)
        {
            int bit = x * bits;
            labels[x] = (byte)(row[bit >> 3] >> 8 - bits - (bit & 7) & (1 << bits) - 1);
        }
    }

    private static ImageException Damaged(string name, string how, Exception? inner = null) =>
        new($"cannot read '{name}': the PNG is damaged, {how}; copy or download it again", inner);

    private readonly record struct Header(int Width, int Height, int Bits)
    {
        /// <summary>Bytes of a row, without its filter byte.</summary>
        public int RowBytes => (int)(((long)Width * Bits + 7) / 8);
    }
}
