using System.Buffers.Binary;
using System.IO.Compression;

namespace SpGpu.Data.Codecs;

/// <summary>
/// Reads the pixel values of a palette or grey PNG. By hand, because Skia turns the values into colours on the way.
/// </summary>
internal static class LabelPngReader
{
    /// <summary>The largest file that is read: the values of <see cref="RgbImage.MaxPixels"/> fit uncompressed.</summary>
    public const int MaxFileBytes = 128 << 20;

    // As for pictures, whose labels these are; a picture of one column takes much longer than others of as many pixels.
    private const int MaxSide = 1_000_000;

    private const int BlockBytes = 1 << 16;

    private const int Grey = 0, IndexedColour = 3;

    /// <param name="file">The file; the bytes do not stay as they are.</param>
    /// <param name="name">What error messages call it.</param>
    public static LabelMap Read(byte[] file, string name)
    {
        if (!file.AsSpan().StartsWith(PngChunks.Signature))
            throw new ImageException(
                $"cannot read '{name}': label maps are PNG files whose pixel values are class indices, this is not a PNG; " +
                "convert it without loss");
        ReadOnlySpan<byte> rest = file.AsSpan(PngChunks.Signature.Length);
        if (!PngChunks.TryRead(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
            || !type.SequenceEqual("IHDR"u8) || content.Length != 13)
        {
            throw Damaged(name, "its header is missing");
        }
        Header header = ParseHeader(content, name);
        using MemoryStream compressed = CollectPixels(rest, file, name);
        if (header.Height * (header.RowBytes + 1L) > compressed.Length * PngChunks.MaxDeflateRatio)
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
                $"cannot read '{name}': {width} x {height} pixels are above the limit of {RgbImage.MaxPixels / 1_000_000} megapixels; " +
                "cut it up");
        }
        if (Math.Max(width, height) > MaxSide)
            throw new ImageException($"cannot read '{name}': {width} x {height} pixels, a side has at most {MaxSide}; cut it up");
        if (colour is not (Grey or IndexedColour))
            throw new ImageException(
                $"cannot read '{name}': its pixels are colours, not class indices; " +
                "convert it to a palette or 8-bit grey PNG of class indices ('spgpu dataset convert' does, where each class has a colour)");
        if (!(colour == Grey ? bits == 8 : bits is 1 or 2 or 4 or 8))
            throw new ImageException($"cannot read '{name}': {bits} bits a pixel are not supported; convert it to 8 bits");
        if (content[12] != 0)
            throw new ImageException($"cannot read '{name}': it is interlaced; save it without interlacing");
        return new Header((int)width, (int)height, bits);
    }

    /// <summary>The image data of all its chunks in one piece, moved to the front of the file, where nothing is needed any more.</summary>
    private static MemoryStream CollectPixels(ReadOnlySpan<byte> rest, byte[] file, string name)
    {
        int length = 0;
        while (true)
        {
            if (!PngChunks.TryRead(ref rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content))
                throw Damaged(name, "it is cut short or a checksum is wrong");
            if (type.SequenceEqual("IEND"u8))
                break;
            if (!type.SequenceEqual("IDAT"u8))
                continue;
            content.CopyTo(file.AsSpan(length));
            length += content.Length;
        }
        return new MemoryStream(file, 0, length);
    }

    private static byte[] Decompress(MemoryStream compressed, Header header, string name)
    {
        byte[] labels = new byte[header.Width * header.Height];
        // Many rows at once where they are short: asking for each would take longer than unpacking it.
        int stride = header.RowBytes + 1, most = Math.Clamp(BlockBytes / stride, 1, header.Height);
        byte[] block = new byte[most * stride], above = new byte[header.RowBytes];
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            for (int y = 0; y < header.Height; y += most)
            {
                int rows = Math.Min(most, header.Height - y);
                zlib.ReadExactly(block, 0, rows * stride);
                Span<byte> previous = above;
                for (int i = 0; i < rows; i++)
                {
                    Span<byte> row = block.AsSpan(i * stride + 1, header.RowBytes);
                    if (!PngFilter.TryUndo(block[i * stride], row, previous))
                        throw Damaged(name, $"row {y + i} has no valid filter");
                    Unpack(row, header.Bits, labels.AsSpan((y + i) * header.Width, header.Width));
                    previous = row;
                }
                previous.CopyTo(above);
            }
            // Reading past the last row also verifies the checksum.
            if (zlib.ReadByte() >= 0)
                throw Damaged(name, "it has more data than its size");
        }
        // The second also stands for what zlib says of streams that it does not take.
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw Damaged(name, "its pixels are cut short or garbled", broken);
        }
        return labels;
    }

    /// <summary>Spreads values of 1, 2, 4 or 8 bits, highest bits first, to a byte each.</summary>
    private static void Unpack(ReadOnlySpan<byte> row, int bits, Span<byte> labels)
    {
        if (bits == 8)
        {
            row.CopyTo(labels);
            return;
        }
        int mask = (1 << bits) - 1, x = 0;
        foreach (byte packed in row)
        {
            for (int shift = 8 - bits; shift >= 0 && x < labels.Length; shift -= bits)
                labels[x++] = (byte)(packed >> shift & mask);
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
