using System.Buffers.Binary;
using System.Text;

namespace SpGpu.Training.Logs;

/// <summary>
/// The protocol buffer <c>tensorflow.Event</c>, as far as scalars need it: wall_time (1, double), step (2, int64),
/// file_version (3, string), summary (5) of value (1) of tag (1, string) and simple_value (2, float).
/// </summary>
/// <param name="Step">Its place on the horizontal axis.</param>
/// <param name="Tag">What the curve is called; empty for the version that a file starts with.</param>
/// <param name="Value">The number.</param>
internal readonly record struct EventMessage(long Step, string Tag, float Value)
{
    // A field starts with its number and the kind of its content.
    private const int VarInt = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    /// <summary>The event that a file starts with.</summary>
    public static byte[] Version(double time) => [.. Time(time), .. Field(3, "brain.Event:2"u8)];

    /// <summary>A number of a curve.</summary>
    public static byte[] Scalar(double time, long step, string tag, float value)
    {
        byte[] number = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(number, value);
        byte[] one = [.. Field(1, Encoding.UTF8.GetBytes(tag)), Key(2, Fixed32), .. number];
        return [.. Time(time), Key(2, VarInt), .. Number((ulong)step), .. Field(5, Field(1, one))];
    }

    /// <summary>Reads what <see cref="Version"/> or <see cref="Scalar"/> wrote; null for what others may write.</summary>
    public static EventMessage? Parse(ReadOnlySpan<byte> message)
    {
        try
        {
            return ParseFields(message);
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    private static EventMessage ParseFields(ReadOnlySpan<byte> message)
    {
        var parsed = new EventMessage(0, "", 0);
        bool isInside = false;
        while (message.Length > 0)
        {
            byte key = message[0];
            message = message[1..];
            switch ((key & 7, key >> 3))
            {
                case (Fixed64, _):
                    message = message[sizeof(double)..];
                    break;
                case (VarInt, _):
                    parsed = parsed with { Step = (long)ReadNumber(ref message) };
                    break;
                case (Fixed32, _):
                    parsed = parsed with { Value = BinaryPrimitives.ReadSingleLittleEndian(message) };
                    message = message[sizeof(float)..];
                    break;
                // The summary is the last field, and the value is its only one, so what follows is its content.
                case (_, 5):
                    ReadNumber(ref message);
                    ReadNumber(ref message);
                    ReadNumber(ref message);
                    isInside = true;
                    break;
                default:
                    int length = (int)ReadNumber(ref message);
                    if (isInside)
                        parsed = parsed with { Tag = Encoding.UTF8.GetString(message[..length]) };
                    message = message[length..];
                    break;
            }
        }
        return parsed;
    }

    private static byte[] Time(double time)
    {
        var bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, time);
        return [Key(1, Fixed64), .. bytes];
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> content) =>
        [Key(number, Bytes), .. Number((ulong)content.Length), .. content];

    private static byte Key(int number, int kind) => (byte)(number << 3 | kind);

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private static byte[] Number(ulong number)
    {
        var bytes = new List<byte>();
        for (; number > 127; number >>= 7)
            bytes.Add((byte)(number | 128));
        bytes.Add((byte)number);
        return [.. bytes];
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte value = bytes[0];
            bytes = bytes[1..];
            number |= (ulong)(value & 127) << shift;
            if (value < 128)
                return number;
        }
    }
}
