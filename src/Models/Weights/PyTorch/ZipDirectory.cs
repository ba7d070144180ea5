using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SpGpu.Models.Weights.PyTorch;

/// <summary>
/// Reads a zip archive strictly. A lenient reader can be shown other content than a checker sees, so whatever could be
/// read in two ways is refused: headers that disagree, names that occur twice, records that overlap, encryption,
/// comments that look like an end, and bytes between the directory and the end.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50, CentralSignature = 0x02014b50, EndSignature = 0x06054b50;
    private const uint Zip64LocatorSignature = 0x07064b50, Zip64EndSignature = 0x06064b50;
    private const int LocalLength = 30, CentralLength = 46, EndLength = 22, Zip64LocatorLength = 20, Zip64EndLength = 56;
    private const int EncryptedFlags = 1 | 1 << 6 | 1 << 13, DescriptorFlag = 1 << 3;
    private const ushort Stored = 0, Deflated = 8, Zip64Field = 1;

    private const string Uncompressed = "store the records uncompressed, as torch.save does";

    private static readonly UTF8Encoding _utf8 = new(false, throwOnInvalidBytes: true);

    private readonly ByteSource _source;
    private readonly MemoryBudget _budget;
    private readonly ByteCursor _cursor;
    private readonly Dictionary<string, ZipRecord> _records = new(StringComparer.Ordinal);
    private readonly HashSet<ZipRecord> _paid = [];

    private ZipDirectory(ByteSource source, MemoryBudget budget)
    {
        _source = source;
        _budget = budget;
        _cursor = new ByteCursor(source);
    }

    private sealed record CentralHeader(
        ushort Flags, ushort Method, uint Crc, long StoredLength, long Length, string Name, long HeaderStart);

    public IReadOnlyCollection<ZipRecord> Records => _records.Values;

    /// <summary>Reads the directory; what is decompressed later is counted against the budget.</summary>
    public static ZipDirectory Read(ByteSource source, MemoryBudget budget)
    {
        var directory = new ZipDirectory(source, budget);
        (long count, long start, long end) = directory.ReadEnd();
        List<CentralHeader> headers = directory.ReadCentral(count, start, end);
        long previousEnd = 0;
        foreach (CentralHeader header in headers.OrderBy(header => header.HeaderStart))
        {
            if (header.HeaderStart < previousEnd)
                throw source.Damaged($"its record {Quoted.Text(header.Name)} overlaps another");
            ZipRecord record = directory.ReadLocal(header, start);
            previousEnd = record.Start + record.StoredLength;
            if (!directory._records.TryAdd(record.Name, record))
                throw source.Damaged($"its zip directory has {Quoted.Text(record.Name)} twice");
        }
        return directory;
    }

    public ZipRecord? Find(string name) => _records.GetValueOrDefault(name);

    /// <summary>
    /// The content of a record, after its checksum was found right. Memory of one that is decompressed again counts once.
    /// </summary>
    public ByteSource Open(ZipRecord record)
    {
        ByteSource content = _source.Slice(record.Start, record.StoredLength);
        if (record.IsDeflated)
            content = Inflate(record, content);
        if (Checksum(content) != record.Crc)
            throw _source.Damaged($"the checksum of its record {Quoted.Text(record.Name)} is wrong");
        return content;
    }

    private ByteSource Inflate(ZipRecord record, ByteSource compressed)
    {
        string growth = $"its record {Quoted.Text(record.Name)} claims to grow from {record.StoredLength} to {record.Length} bytes";
        if (record.Length > Array.MaxLength)
            throw _source.Refused(growth, Uncompressed);
        if (_paid.Add(record))
            _budget.Take(record.Length, growth, Uncompressed);
        byte[] content = new byte[record.Length];
        try
        {
            byte[] stored = new ByteCursor(compressed).ReadBytes(compressed.Length);
            using var stream = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
            stream.ReadExactly(content);
            if (stream.ReadByte() < 0)
                return new ByteSource(content, _source.Name);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw _source.Damaged($"its record {Quoted.Text(record.Name)} cannot be decompressed", error);
        }
        throw _source.Damaged($"its record {Quoted.Text(record.Name)} is longer than it claims");
    }

    /// <summary>Finds the directory: the number of its entries, its start and its end.</summary>
    private (long Count, long Start, long End) ReadEnd()
    {
        long end = FindEnd();
        uint disks = _cursor.ReadUInt32();
        ushort countHere = _cursor.ReadUInt16();
        (long count, long length, long start) = (_cursor.ReadUInt16(), _cursor.ReadUInt32(), _cursor.ReadUInt32());
        bool singleDisk = disks == 0 && countHere == count;
        if (end >= Zip64LocatorLength && StartsWith(end - Zip64LocatorLength, Zip64LocatorSignature))
            (count, start, length, end) = ReadZip64End(end - Zip64LocatorLength, (count, start, length));
        if (!singleDisk || start < 0 || length < 0 || start != end - length)
            throw _source.Damaged("the end of its zip directory contradicts itself");
        return (count, start, end);
    }

    /// <summary>
    /// Finds the end of the directory, and goes past its signature: the last signature in the file, with a comment behind
    /// it that fills the rest. Readers that search from the back and those that go by lengths find the same one.
    /// </summary>
    private long FindEnd()
    {
        long start = Math.Max(0, _source.Length - EndLength - ushort.MaxValue);
        _cursor.Position = start;
        byte[] tail = _cursor.ReadBytes(_source.Length - start);
        Span<byte> signature = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(signature, EndSignature);
        int at = tail.AsSpan().LastIndexOf(signature);
        if (at < 0 || at > tail.Length - EndLength
            || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + EndLength - sizeof(ushort))) != tail.Length - at - EndLength)
            throw _source.Damaged("it starts as a zip archive and does not end as one");
        _cursor.Position = start + at + sizeof(uint);
        return start + at;
    }

    /// <summary>Reads the 64-bit values that stand for those of the plain end, which agree or are saturated.</summary>
    private (long Count, long Start, long Length, long End) ReadZip64End(
        long locator, (long Count, long Start, long Length) plain)
    {
        uint disk = _cursor.ReadUInt32();
        long end = _cursor.ReadInt64();
        uint disks = _cursor.ReadUInt32();
        if (disk != 0 || disks > 1 || end != locator - Zip64EndLength || end < 0 || !StartsWith(end, Zip64EndSignature))
            throw _source.Damaged("its zip64 directory end is not in its place");
        long recordLength = _cursor.ReadInt64(); // Without the signature and itself.
        _cursor.Skip(4); // Versions of the writer and for the reader.
        long diskNumbers = _cursor.ReadInt64();
        (long countHere, long count, long length, long start) =
            (_cursor.ReadInt64(), _cursor.ReadInt64(), _cursor.ReadInt64(), _cursor.ReadInt64());
        if (recordLength != Zip64EndLength - sizeof(uint) - sizeof(long) || diskNumbers != 0 || countHere != count
            || !(plain.Count == count || plain.Count == ushort.MaxValue)
            || !(plain.Start == start || plain.Start == uint.MaxValue)
            || !(plain.Length == length || plain.Length == uint.MaxValue))
            throw _source.Damaged("its zip64 directory end contradicts the plain one");
        return (count, start, length, end);
    }

    private List<CentralHeader> ReadCentral(long count, long start, long end)
    {
        var headers = new List<CentralHeader>();
        _cursor.Position = start;
        for (long i = 0; i < count; i++)
        {
            if (end - _cursor.Position < CentralLength || _cursor.ReadUInt32() != CentralSignature)
                throw _source.Damaged("its zip directory has fewer entries than it claims");
            headers.Add(ReadCentralHeader());
        }
        if (_cursor.Position != end)
            throw _source.Damaged("its zip directory is longer than its entries");
        return headers;
    }

    private CentralHeader ReadCentralHeader()
    {
        _cursor.Skip(4); // Versions of the writer and for the reader.
        ushort flags = _cursor.ReadUInt16();
        ushort method = _cursor.ReadUInt16();
        _cursor.Skip(4); // Time and date.
        uint crc = _cursor.ReadUInt32();
        long storedLength = _cursor.ReadUInt32();
        long length = _cursor.ReadUInt32();
        ushort nameLength = _cursor.ReadUInt16();
        ushort extraLength = _cursor.ReadUInt16();
        ushort commentLength = _cursor.ReadUInt16();
        ushort disk = _cursor.ReadUInt16();
        _cursor.Skip(6); // Attributes.
        long headerStart = _cursor.ReadUInt32();
        string name = ReadName(nameLength);
        ResolveZip64(extraLength, ref length, ref storedLength, ref headerStart);
        _cursor.Skip(commentLength);
        if ((flags & EncryptedFlags) != 0)
            throw _source.Refused(
                $"its record {Quoted.Text(name)} is encrypted", "unpack and save it without a password");
        if (method is not (Stored or Deflated))
            throw _source.Refused(
                $"its record {Quoted.Text(name)} is compressed by method {method}", Uncompressed);
        if (disk != 0 || method == Stored && storedLength != length)
            throw _source.Damaged($"the zip directory contradicts itself on {Quoted.Text(name)}");
        return new CentralHeader(flags, method, crc, storedLength, length, name, headerStart);
    }

    /// <summary>Reads the header in front of a record, which must say the same as the directory.</summary>
    private ZipRecord ReadLocal(CentralHeader central, long directoryStart)
    {
        WeightsException Contradicts() =>
            _source.Damaged($"the header of {Quoted.Text(central.Name)} contradicts the zip directory");
        if (central.HeaderStart > directoryStart - LocalLength || !StartsWith(central.HeaderStart, LocalSignature))
            throw Contradicts();
        _cursor.Skip(2); // Version for the reader.
        ushort flags = _cursor.ReadUInt16();
        ushort method = _cursor.ReadUInt16();
        _cursor.Skip(4); // Time and date.
        uint crc = _cursor.ReadUInt32();
        long storedLength = _cursor.ReadUInt32();
        long length = _cursor.ReadUInt32();
        ushort nameLength = _cursor.ReadUInt16();
        ushort extraLength = _cursor.ReadUInt16();
        string name = ReadName(nameLength);
        long headerStart = central.HeaderStart;
        ResolveZip64(extraLength, ref length, ref storedLength, ref headerStart);
        bool same = (crc, storedLength, length) == (central.Crc, central.StoredLength, central.Length);
        // With the descriptor flag, checksum and lengths follow the record and are left 0 here.
        bool left = (flags & DescriptorFlag) != 0 && (crc, storedLength, length) == (0u, 0L, 0L);
        if (name != central.Name || flags != central.Flags || method != central.Method || !(same || left)
            || central.StoredLength > directoryStart - _cursor.Position)
            throw Contradicts();
        return new ZipRecord(name, method == Deflated, central.Crc, _cursor.Position, central.StoredLength, central.Length);
    }

    /// <summary>Takes from the extra fields the 64-bit values of those that are saturated.</summary>
    private void ResolveZip64(int extraLength, ref long length, ref long storedLength, ref long headerStart)
    {
        long end = _cursor.Position + extraLength;
        while (end - _cursor.Position >= 4)
        {
            ushort field = _cursor.ReadUInt16();
            long next = _cursor.ReadUInt16() + _cursor.Position;
            if (field == Zip64Field)
            {
                Widen(ref length, next);
                Widen(ref storedLength, next);
                Widen(ref headerStart, next);
            }
            if (next > end)
                throw _source.Damaged("an extra field of its zip directory is too long");
            _cursor.Skip(next - _cursor.Position);
        }
        _cursor.Skip(end - _cursor.Position);
    }

    private void Widen(ref long value, long fieldEnd)
    {
        if (value != uint.MaxValue)
            return;
        if (fieldEnd - _cursor.Position < sizeof(long) || (value = _cursor.ReadInt64()) < 0)
            throw _source.Damaged("a zip64 field lacks a length or a place");
    }

    private string ReadName(int length)
    {
        try
        {
            return _utf8.GetString(_cursor.ReadBytes(length));
        }
        catch (DecoderFallbackException error)
        {
            throw _source.Damaged("a name in its zip directory is not UTF-8", error);
        }
    }

    private bool StartsWith(long position, uint signature)
    {
        _cursor.Position = position;
        return _cursor.ReadUInt32() == signature;
    }

    private static uint Checksum(ByteSource source)
    {
        Span<byte> chunk = stackalloc byte[1 << 14];
        uint crc = Crc32.Start;
        for (long position = 0; position < source.Length; position += chunk.Length)
        {
            Span<byte> bytes = chunk[..(int)Math.Min(chunk.Length, source.Length - position)];
            source.Read(position, bytes);
            crc = Crc32.Add(crc, bytes);
        }
        return ~crc;
    }
}
