using System.Buffers.Binary;
using System.Numerics;

namespace SpGpu.Training.Logs;

/// <summary>
/// Numbers for TensorBoard. The format is simple and never changes, and the packages that write it bring TensorFlow
/// along, so it is written by hand: each record is the length (8 bytes), its checksum (4), the event, and the event's
/// checksum (4), little-endian; the events are those of <see cref="EventMessage"/>.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const int LengthBytes = 8, ChecksumBytes = 4;

    private readonly LogFile _file;

    /// <summary>Opens an event file, or makes it.</summary>
    /// <param name="path">The file; its name must have <c>tfevents</c> in it for TensorBoard to find it.</param>
    /// <param name="content">What it starts with, as <see cref="Find"/> says.</param>
    /// <param name="print">Takes a line if what is there gets another name.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public EventFile(string path, LogContent content, Action<string> print)
    {
        _file = new LogFile(path, content, print);
        if (content.Kept.Length == 0)
            Append(EventMessage.Version(Now()));
    }

    /// <summary>Looks at an event file that may be there, and changes nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stays">
    /// Whether an event that is there stays, by its step and tag; the first one that does not goes with all behind it.
    /// Null begins anew, and keeps a file that has numbers apart.
    /// </param>
    /// <exception cref="OutputException">The file cannot be read.</exception>
    public static LogContent Find(string path, Func<long, string, bool>? stays)
    {
        byte[] content = LogFile.Read(path);
        int kept = 0;
        foreach ((EventMessage message, int end) in Read(content))
        {
            if (message.Tag.Length > 0)
            {
                if (stays is null)
                    return new LogContent([], "is of another run");
                if (!stays(message.Step, message.Tag))
                    return new LogContent(content[..kept]);
            }
            kept = end;
        }
        bool fits = content.Length == 0 || (kept > 0 && IsCutShort(content.AsSpan(kept)));
        return new LogContent(content[..kept], fits ? null : "is damaged");
    }

    /// <summary>Adds a number.</summary>
    /// <param name="tag">What TensorBoard calls the curve; a slash groups curves.</param>
    /// <param name="step">Its place on the horizontal axis.</param>
    /// <param name="value">The number; NaN is left out.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public void Add(string tag, long step, double value)
    {
        if (!double.IsNaN(value))
            Append(EventMessage.Scalar(Now(), step, tag, (float)value));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The events of a file up to the first record that is cut short or damaged, and where each ends.</summary>
    internal static IEnumerable<(EventMessage Event, int End)> Read(byte[] content)
    {
        for (int start = 0; content.Length - start >= LengthBytes + 2 * ChecksumBytes;)
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(start));
            int data = start + LengthBytes + ChecksumBytes;
            if (!IsLength(content.AsSpan(start)) || length > (ulong)(content.Length - data - ChecksumBytes))
                yield break;
            int end = data + (int)length;
            if (Checksum(content.AsSpan(data, (int)length)) != BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(end))
                || EventMessage.Parse(content.AsSpan(data, (int)length)) is not { } message)
            {
                yield break;
            }
            start = end + ChecksumBytes;
            yield return (message, start);
        }
    }

    /// <summary>TensorFlow's masked CRC-32C (Castagnoli): rotated by 15 bits and moved on, as records hold records.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }

    /// <summary>Whether bytes are the beginning of a record and no more, as a run leaves them that is killed.</summary>
    private static bool IsCutShort(ReadOnlySpan<byte> rest) => rest.Length < LengthBytes + ChecksumBytes
        || (IsLength(rest)
            && BinaryPrimitives.ReadUInt64LittleEndian(rest) > (ulong)Math.Max(0, rest.Length - LengthBytes - 2 * ChecksumBytes));

    /// <summary>Whether a length and its checksum belong together.</summary>
    private static bool IsLength(ReadOnlySpan<byte> start) =>
        Checksum(start[..LengthBytes]) == BinaryPrimitives.ReadUInt32LittleEndian(start[LengthBytes..]);

    private void Append(byte[] message)
    {
        var record = new byte[LengthBytes + ChecksumBytes + message.Length + ChecksumBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(LengthBytes), Checksum(record.AsSpan(0, LengthBytes)));
        message.CopyTo(record, LengthBytes + ChecksumBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - ChecksumBytes), Checksum(message));
        _file.Append(record);
    }

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
}
