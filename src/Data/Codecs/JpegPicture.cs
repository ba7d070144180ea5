using System.Buffers.Binary;
using SkiaSharp;

namespace SpGpu.Data.Codecs;

/// <summary>
/// Looks through the segments of a JPEG and takes away those that its pixels do not need, such as previews, profiles and
/// comments: the decoder keeps them in a list that takes time by the square of their number.
/// </summary>
internal sealed class JpegPicture
{
    // Every scan goes over all pixels and may take a few bytes: a small file could keep a machine busy for long.
    // Encoders write about 10, optimisers some more; so many take as long again as the rest of the largest picture.
    private const int MaxScans = 20;

    // Three components of 100 megapixels in the ten scans that are usual.
    private const int MaxBlocksScanned = 24_000_000;

    // Of tables and the like, which are few for every scan.
    private const int MaxSegments = 1000;

    private const byte Start = 0xD8, End = 0xD9, Scan = 0xDA, RestartInterval = 0xDD;

    private const byte Jfif = 0xE0, Exif = 0xE1, Adobe = 0xEE, LastApplication = 0xEF, Reserved = 0xF0, Comment = 0xFE;

    private readonly byte[] _file;
    private readonly string _name;
    private int _from = 2;
    private int _to = 2;
    private SKEncodedOrigin? _origin;
    private JpegFrame? _frame;
    private int _interval;
    private int _scans;
    private int _segments;
    private long _coded;
    private bool _hasJfif, _hasAdobe, _lastScanIsWhole;

    private JpegPicture(byte[] file, string name) => (_file, _name) = (file, name);

    /// <exception cref="ImageException">It is cut short, or has too many scans.</exception>
    public static CheckedPicture Check(byte[] file, string name) => new JpegPicture(file, name).Check();

    private CheckedPicture Check()
    {
        byte? marker;
        while ((marker = NextMarker()) is not (null or End))
            ReadSegment(marker.Value);
        if (marker is null && !(_lastScanIsWhole && _frame is { IsComplete: true }))
            throw CheckedPicture.CutShort(_name);
        // The decoder wants an end. There is room for it, but where it was missing and nothing else was taken away.
        byte[] file = _file;
        if (file.Length < _to + 2)
            Array.Resize(ref file, _to + 2);
        (file[_to], file[_to + 1]) = (0xFF, End);
        return new CheckedPicture(file, _to + 2, _origin ?? SKEncodedOrigin.TopLeft)
        {
            HasTooLittleData = _frame is not null && _coded < _frame.FewestBytes,
            Unended = marker is null ? _frame : null,
        };
    }

    /// <summary>Goes behind the next marker, over whatever stands before it; null at the end of the file.</summary>
    private byte? NextMarker()
    {
        while (true)
        {
            int at = _file.AsSpan(_from).IndexOf((byte)0xFF);
            _from = at < 0 ? _file.Length : _from + at;
            while (_from < _file.Length && _file[_from] == 0xFF)
                _from++;
            if (_from == _file.Length)
                return null;
            if (_file[_from++] is not 0 and var marker)
                return marker;
        }
    }

    private void ReadSegment(byte marker)
    {
        // There is nothing but the marker.
        if (marker is Start or 1 or >= 0xD0 and <= 0xD7)
            return;
        int left = _file.Length - _from;
        int length = left < 2 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(_from));
        if (length > left || length < 2)
            throw CheckedPicture.CutShort(_name);
        ReadOnlySpan<byte> content = _file.AsSpan(_from + 2, length - 2);
        _from += length;
        switch (marker)
        {
            case Exif when content.StartsWith(ExifOrientation.Prefix):
                _origin ??= ExifOrientation.Of(content);
                break;
            case RestartInterval when content.Length == 2:
                _interval = BinaryPrimitives.ReadUInt16BigEndian(content);
                break;
            case 0xC0 or 0xC1 or 0xC2 or 0xC9 or 0xCA:
                _frame ??= JpegFrame.Of(content, marker, position: _to + 4);
                break;
        }
        long units = marker == Scan && _frame is not null ? _frame.AddScan(content) : 0;
        if (Matters(marker, content))
            Keep(marker, content);
        if (marker == Scan)
            ReadScan(units);
    }

    /// <summary>Of the segments that belong to programs, two say how colours are coded.</summary>
    private bool Matters(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        Jfif => !_hasJfif && (_hasJfif = content.StartsWith("JFIF\0"u8)),
        Adobe => !_hasAdobe && (_hasAdobe = content.StartsWith("Adobe"u8)),
        (>= Jfif and <= LastApplication) or (>= Reserved and <= Comment) => false,
        _ => true,
    };

    /// <summary>Moves a segment to the front, where it overwrites at most what was taken away and itself.</summary>
    private void Keep(byte marker, ReadOnlySpan<byte> content)
    {
        (_file[_to], _file[_to + 1]) = (0xFF, marker);
        BinaryPrimitives.WriteUInt16BigEndian(_file.AsSpan(_to + 2), (ushort)(content.Length + 2));
        content.CopyTo(_file.AsSpan(_to + 4));
        _to += 4 + content.Length;
        if (++_segments > MaxSegments)
            throw new ImageException(
                $"cannot read '{_name}': a JPEG of more than {MaxSegments} segments beside pixels and comments; " +
                "save it again with another program");
    }

    /// <summary>Goes to the marker that ends the coded pixels of a scan and keeps them.</summary>
    /// <param name="units">How many units it has; a restart marker parts so many of them as the interval says.</param>
    private void ReadScan(long units)
    {
        if (++_scans > MaxScans)
            throw new ImageException($"cannot read '{_name}': a JPEG of more than {MaxScans} scans; save it again with another program");
        if (_frame?.BlocksScanned > MaxBlocksScanned)
            throw new ImageException(
                $"cannot read '{_name}': a JPEG whose scans go over more than {MaxBlocksScanned / 1_000_000} million blocks of 8 x 8; " +
                "save it with fewer scans, or none that refine it");
        int begin = _from;
        long restarts = 0;
        while (true)
        {
            int at = _file.AsSpan(_from).IndexOf((byte)0xFF);
            _from = at < 0 ? _file.Length : _from + at;
            if (_from + 1 >= _file.Length)
                break;
            byte next = _file[_from + 1];
            if (next is not (0 or 0xFF or >= 0xD0 and <= 0xD7))
                break;
            if (next is not (0 or 0xFF) && ++restarts > units && units > 0)
                throw new ImageException(
                    $"cannot read '{_name}': the JPEG is damaged, it has more restarts than blocks; copy or download it again");
            _from += next == 0xFF ? 1 : 2;
        }
        int end = Math.Min(_from, _file.Length);
        while (end > begin && _file[end - 1] == 0xFF)
            end--;
        _file.AsSpan(begin, end - begin).CopyTo(_file.AsSpan(_to));
        _to += end - begin;
        _coded += end - begin;
        _lastScanIsWhole = units > 0 && (_interval == 0 || restarts == (units - 1) / _interval);
    }
}
