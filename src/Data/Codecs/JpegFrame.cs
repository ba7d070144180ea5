using System.Buffers.Binary;

namespace SpGpu.Data.Codecs;

/// <summary>What the frame header of a JPEG promises, and which of it scans have brought.</summary>
internal sealed class JpegFrame
{
    /// <summary>
    /// The most pixels that a picture is enlarged to, as it is decoded once more than others then. Of a larger one so much is
    /// missing with the last bits of a block that it shows.
    /// </summary>
    public const int MaxEnlargedPixels = 4_000_000;

    private const int Coefficients = 64;

    private readonly int _width;
    private readonly int _height;
    private readonly bool _progressive;
    private readonly bool _arithmetic;
    private readonly int _position;
    private readonly Component[] _components;

    private JpegFrame(int width, int height, byte marker, int position, Component[] components)
    {
        (_width, _height, _position, _components) = (width, height, position, components);
        (_progressive, _arithmetic) = ((marker & 3) == 2, marker >= 0xC8);
    }

    /// <summary>Reads the content of a frame header; null if it makes no sense, which the decoder finds too.</summary>
    /// <param name="content">What follows its length.</param>
    /// <param name="marker">
    /// How it is coded: C0 and C1 by Huffman's code, C2 in scans that refine each other, C9 and CA the same by
    /// arithmetic code.
    /// </param>
    /// <param name="position">Where the content is in the file that the decoder gets.</param>
    public static JpegFrame? Of(ReadOnlySpan<byte> content, byte marker, int position)
    {
        if (content.Length < 6 || content.Length < 6 + 3 * content[5])
            return null;
        var components = new Component[content[5]];
        for (int i = 0; i < components.Length; i++)
        {
            ReadOnlySpan<byte> one = content[(6 + 3 * i)..];
            components[i] = new Component(one[0], one[1] >> 4, one[1] & 15);
            if (components[i].Across is < 1 or > 4 || components[i].Down is < 1 or > 4)
                return null;
        }
        int height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
        return components.Length is < 1 or > 4 || width == 0 || height == 0
            ? null
            : new JpegFrame(width, height, marker, position, components);
    }

    /// <summary>
    /// The fewest bytes that the picture can be coded in: by Huffman's code two bits a block of 8 x 8, for its mean and
    /// for the end of the rest; in a progressive one, where the end may be that of many blocks, one. Arithmetic code takes
    /// next to nothing.
    /// </summary>
    public long FewestBytes => _arithmetic ? 0 : _components.Sum(Blocks) * (_progressive ? 1 : 2) / 8;

    /// <summary>How many blocks the scans up to now have gone over.</summary>
    public long BlocksScanned { get; private set; }

    /// <summary>
    /// Whether every coefficient of every component has come down to its last bit; never known of arithmetic code, which
    /// may leave out its last bytes.
    /// </summary>
    public bool IsComplete => !_arithmetic && _components.All(component => component.Coefficients.All(come => come));

    /// <summary>How many units of blocks a scan has; takes note of what it brings. 0 if its header makes no sense.</summary>
    /// <param name="content">The scan's header: a count, components of two bytes, first and last coefficient, bits.</param>
    public long AddScan(ReadOnlySpan<byte> content)
    {
        if (content.Length < 1 || content.Length < 4 + 2 * content[0])
            return 0;
        int count = content[0];
        var scanned = new List<Component>();
        for (int i = 0; i < count; i++)
        {
            byte name = content[1 + 2 * i];
            scanned.AddRange(_components.Where(component => component.Name == name));
        }
        ReadOnlySpan<byte> range = content[(1 + 2 * count)..];
        (int first, int last, bool toTheEnd) = _progressive ? (range[0], range[1], (range[2] & 15) == 0) : (0, Coefficients - 1, true);
        for (int k = first; toTheEnd && k <= Math.Min(last, Coefficients - 1); k++)
            scanned.ForEach(component => component.Coefficients[k] = true);
        // A larger one is refused for that, whatever its scans.
        if ((long)_width * _height <= RgbImage.MaxPixels)
            BlocksScanned += scanned.Sum(Blocks);
        // A component alone is coded block by block, several together by the squares of blocks that cover the same pixels.
        return scanned.Count switch
        {
            0 => 0,
            1 => Blocks(scanned[0]),
            _ => Ceiling(_width, 8 * Across) * Ceiling(_height, 8 * Down),
        };
    }

    /// <summary>
    /// Makes the picture of a file so large that it ends with whole units and shows all that is coded, also what lies
    /// beyond its right and lower edge. False, and nothing is changed, where it is so large already, or that would be too
    /// large, and where it is progressive: there each component ends for itself.
    /// </summary>
    public bool TryShowWholeUnits(Span<byte> file)
    {
        long width = Ceiling(_width, 8 * Across) * 8 * Across, height = Ceiling(_height, 8 * Down) * 8 * Down;
        if (_progressive || (width, height) == (_width, _height) || Math.Max(width, height) > RgbImage.MaxJpegSide
            || width * height > MaxEnlargedPixels)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(file[(_position + 1)..], (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file[(_position + 3)..], (ushort)width);
        return true;
    }

    private int Across => _components.Max(component => component.Across);

    private int Down => _components.Max(component => component.Down);

    private long Blocks(Component component) =>
        Ceiling(Ceiling(_width * component.Across, Across), 8) * Ceiling(Ceiling(_height * component.Down, Down), 8);

    private static long Ceiling(long number, long divisor) => (number + divisor - 1) / divisor;

    private sealed record Component(byte Name, int Across, int Down)
    {
        public bool[] Coefficients { get; } = new bool[JpegFrame.Coefficients];
    }
}
