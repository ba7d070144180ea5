using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace SpGpu.Models.Weights;

/// <summary>
/// The header of a .safetensors file: 8 bytes of length, then JSON that gives each tensor its type, shape and place.
/// Every rule of the format is checked before a byte of data is read: no duplicate names, sizes that follow from type
/// and shape, and places that cover the rest of the file without hole or overlap (so that no file is two things at
/// once, and no data is read twice).
/// </summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>
    /// The longest header, and the most tensors and texts in it: far more than any network has. The format allows six times
    /// that length, and what a header describes takes many times its size.
    /// </summary>
    private const int MaxLength = 1 << 24, MaxEntries = 1 << 17;
    private const int LengthBytes = 8;
    private const string Resave = "save it again with the safetensors library";

    private static readonly Comparer<Entry> _byPlace = Comparer<Entry>.Create(
        (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));

    private readonly ByteSource _source;
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private SafeTensorsHeader(ByteSource source, byte[] json)
    {
        _source = source;
        DataStart = LengthBytes + json.Length;
        try
        {
            // The depth is that of a shape: root, tensor, list.
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 3 });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadProperty(ref reader);
            // Nothing but blanks may follow; the reader raises an error on anything else.
            reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The reader answers a malformed escape in a string with InvalidOperationException.
            throw source.Damaged("its header is not the JSON of a .safetensors file", error);
        }
        CheckPlaces();
    }

    /// <summary>One tensor: its place counts from <see cref="DataStart"/>.</summary>
    public sealed record Entry(string Name, ElementType Type, int[] Shape, int Count, long Begin, long End);

    /// <summary>The tensors in the order of the header.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>The position of the first byte of data.</summary>
    public long DataStart { get; }

    /// <summary>
    /// Whether the file has a brace where the header of a .safetensors file begins, which no zip archive or checkpoint
    /// has.
    /// </summary>
    public static bool IsIn(ByteSource source)
    {
        Span<byte> start = stackalloc byte[LengthBytes + 1];
        if (source.Length < start.Length)
            return false;
        source.Read(0, start);
        return start[LengthBytes] == '{';
    }

    /// <summary>Reads and checks the header of a file that has one.</summary>
    public static SafeTensorsHeader Read(ByteSource source)
    {
        if (source.Length < LengthBytes)
            throw source.Damaged($"a .safetensors file starts with 8 bytes of length, and it has {source.Length}");
        Span<byte> prefix = stackalloc byte[LengthBytes];
        source.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxLength && FileFormat.Of(source) is { } kind)
            throw source.Refused($"it is {kind.Name}, and a .safetensors file is needed", kind.Remedy);
        if (length > MaxLength)
            throw source.Damaged($"it claims a header of {length} bytes where at most {MaxLength} are allowed");
        if ((long)length > source.Length - LengthBytes)
            throw source.Damaged(
                $"it claims a header of {length} bytes and has only {source.Length - LengthBytes} after the length");
        byte[] json = new byte[length];
        source.Read(LengthBytes, json);
        if (json is not [(byte)'{', ..])
            throw source.Damaged("its header does not start with '{'");
        if (!Utf8.IsValid(json))
            throw source.Damaged("its header is not UTF-8");
        return new SafeTensorsHeader(source, json);
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        string name = reader.GetString()!;
        if (!_names.Add(name))
            throw _source.Refused($"its header has {Quoted.Text(name)} twice", Resave);
        if (_names.Count > MaxEntries)
            throw _source.Refused($"it holds more than {MaxEntries} tensors", "split it before saving");
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw _source.Refused($"{Quoted.Text(name)} in its header is not an object", Resave);
        if (name == SafeTensors.MetadataKey)
            ReadMetadata(ref reader);
        else
            _entries.Add(ReadTensor(ref reader, name));
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw _source.Refused($"the metadata {Quoted.Text(key)} is not text", Resave);
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw _source.Refused($"the metadata has {Quoted.Text(key)} twice", Resave);
            if (_metadata.Count > MaxEntries)
                throw _source.Refused($"its metadata has more than {MaxEntries} texts", "leave them out");
        }
    }

    private Entry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? typeName = null;
        List<long>? extents = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            if (field == "dtype" && typeName is null && reader.TokenType == JsonTokenType.String)
                typeName = reader.GetString();
            else if (field == "shape" && extents is null)
                extents = ReadIntegers(ref reader, name, TensorShape.MaxRank);
            else if (field == "data_offsets" && offsets is null)
                offsets = ReadIntegers(ref reader, name, 2);
            else
                throw _source.Refused(
                    $"the field {Quoted.Text(field)} of tensor {Quoted.Text(name)} is unknown, repeated or of a wrong kind",
                    Resave);
        }
        if (typeName is null || extents is null || offsets is not [long begin, long end])
            throw _source.Refused(
                $"tensor {Quoted.Text(name)} needs a dtype, a shape and two data_offsets", Resave);
        // Names only: Enum.TryParse alone would also take numbers and lower case.
        if (!Enum.TryParse(typeName, out ElementType type) || type.ToString() != typeName)
            throw _source.Refused(
                $"tensor {Quoted.Text(name)} has the number type {Quoted.Text(typeName)}",
                $"save it as one of {string.Join(", ", Enum.GetNames<ElementType>())}");
        if (TensorShape.Check(extents) is not (int[] shape, int count))
            throw _source.Refused(
                $"tensor {Quoted.Text(name)} has more elements than fit in memory", "split it before saving");
        if (end < begin || end - begin != (long)count * type.Size())
            throw _source.Damaged(
                $"tensor {Quoted.Text(name)} takes bytes {begin} to {end}, which is not what its type and shape need");
        return new Entry(name, type, shape, count, begin, end);
    }

    /// <summary>Reads a list of integers, none negative and none with a point or an exponent.</summary>
    private List<long> ReadIntegers(ref Utf8JsonReader reader, string name, int most)
    {
        var integers = new List<long>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw _source.Refused($"the shape or place of tensor {Quoted.Text(name)} is not a list", Resave);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value)
                || value < 0 || integers.Count == most)
                throw _source.Refused(
                    $"the shape or place of tensor {Quoted.Text(name)} is not a list of at most {most} whole numbers "
                    + "from 0 to 2^63-1",
                    Resave);
            integers.Add(value);
        }
        return integers;
    }

    private void CheckPlaces()
    {
        long covered = 0;
        foreach (Entry entry in _entries.Order(_byPlace))
        {
            if (entry.Begin != covered)
                throw _source.Damaged(
                    $"tensor {Quoted.Text(entry.Name)} starts at byte {entry.Begin} where {covered} comes next, "
                    + "so data would overlap or be left out");
            covered = entry.End;
        }
        if (covered != _source.Length - DataStart)
            throw _source.Damaged($"its tensors take {covered} bytes and it holds {_source.Length - DataStart}");
    }
}
