namespace SpGpu.Models.Weights.Onnx;

/// <summary>A field of a protobuf message, with its number where it is one, or the place of its bytes.</summary>
/// <param name="Number">The field's number in the message.</param>
/// <param name="IsBytes">Whether it holds bytes: a text, an inner message, or numbers one after another.</param>
/// <param name="Value">Its number; of bytes nothing.</param>
/// <param name="Start">Where its bytes start in the file.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct ProtobufField(int Number, bool IsBytes, ulong Value, long Start, long Length);

/// <summary>
/// Goes through the fields of a protobuf message in a file, and passes over what they hold: protobuf's own library reads the
/// bytes of all tensors to come to the name behind them.
/// </summary>
internal static class ProtobufFields
{
    private const int Varint = 0, Eight = 1, Bytes = 2, Four = 5, MaxVarintBytes = 10;

    /// <summary>The fields from one place to another.</summary>
    /// <exception cref="WeightsException">There is no message there, or one that ends too early.</exception>
    public static IEnumerable<ProtobufField> Of(ByteSource source, long start, long length)
    {
        var cursor = new ByteCursor(source.Slice(start, length));
        while (cursor.Remaining > 0)
        {
            ulong tag = ReadVarint(cursor);
            int number = (int)Math.Min(tag >> 3, int.MaxValue);
            (bool isBytes, ulong value, long bytes) = (tag & 7) switch
            {
                Varint => (false, ReadVarint(cursor), 0L),
                Eight => (true, 0UL, 8L),
                Four => (true, 0UL, 4L),
                Bytes => (true, 0UL, (long)Math.Min(ReadVarint(cursor), long.MaxValue)),
                _ => throw source.Damaged("it is no message of protobuf"),
            };
            yield return new ProtobufField(number, isBytes, value, start + cursor.Position, bytes);
            cursor.Skip(bytes);
        }
    }

    /// <summary>The numbers that follow one another in a field's bytes.</summary>
    public static IEnumerable<ulong> Packed(ByteSource source, ProtobufField field)
    {
        var cursor = new ByteCursor(source.Slice(field.Start, field.Length));
        while (cursor.Remaining > 0)
            yield return ReadVarint(cursor);
    }

    private static ulong ReadVarint(ByteCursor cursor)
    {
        ulong value = 0;
        for (int i = 0; i < MaxVarintBytes; i++)
        {
            byte part = cursor.ReadByte();
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
                return value;
        }
        throw cursor.Source.Damaged("a number in it has more than 64 bits");
    }
}
