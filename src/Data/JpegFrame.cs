using System.Buffers.Binary;

namespace SpGpu.Data;

/// <summary>What the frame header of a JPEG promises, and which of it scans have brought.</summary>
internal sealed class JpegFrame
{
    private const int Coefficients = 64;

    private readonly int _width;
    private readonly int _height;
    private readonly bool _progressive;
    private readonly int _position;
    private readonly Component[] _components;

    private JpegFrame(int width, int height, bool progressive, int position, Component[] components) =>
        (_width, _height, _progressive, _position, _components) = (width, height, progressive, position, components);

    /// <summary>Reads the content of a frame header; null if it makes no sense, which the decoder finds too.</summary>
    /// <param name="content">What follows its length.</param>
    /// <param name="progressive">Whether scans refine each other.</param>
    /// <param name="position">Where the content is in the file that the decoder gets.</param>
    public static JpegFrame? Of(ReadOnlySpan<byte> content, bool progressive, int position)
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
        return components.Length is < 1 or > 4 || width == 0 || height == 0 ? null : new JpegFrame(width, height, progressive, position, components);
    }

    /// <summary>
    /// The fewest bytes that the picture can be coded in: by Huffman's code two bits a block of 8 x 8, for its mean and
    /// for the end of the rest; in a progressive one, where the end may be that of many blocks, one.
    /// </summary>
    public long FewestBytes => _components.Sum(Blocks) * (_progressive ? 1 : 2) / 8;

    /// <summary>Whether every coefficient of every component has come down to its last bit.</summary>
    public bool IsComplete => _components.All(component => component.Coefficients.All(come => come));

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
    /// beyond its right and lower edge. It stays as it is where that is too large for a picture, and where it is
    /// progressive: there each component ends for itself.
    /// </summary>
    public void ShowWholeUnits(Span<byte> file)
    {
        long width = Ceiling(_width, 8 * Across) * 8 * Across, height = Ceiling(_height, 8 * Down) * 8 * Down;
        if (_progressive || Math.Max(width, height) > RgbImage.MaxJpegSide || width * height > RgbImage.MaxPixels)
            return;
        BinaryPrimitives.WriteUInt16BigEndian(file[(_position + 1)..], (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(file[(_position + 3)..], (ushort)width);
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
