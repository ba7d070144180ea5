using System.Buffers.Binary;

namespace SpGpu.Models.Weights;

/// <summary>Reads a source from front to back, little-endian, through a small buffer.</summary>
internal sealed class ByteCursor(ByteSource source)
{
    private readonly byte[] _buffer = new byte[(int)Math.Min(4096, source.Length)];
    private long _bufferStart;
    private int _filled;
    private int _next;

    public ByteSource Source => source;

    public long Position
    {
        get => _bufferStart + _next;
        set => (_bufferStart, _filled, _next) = (value, 0, 0);
    }

    public long Remaining => source.Length - Position;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads so many bytes; a length that goes beyond the source is an error before memory is taken for it.</summary>
    public byte[] ReadBytes(long count)
    {
        if (count > Remaining)
            throw source.Damaged("it ends too early");
        byte[] bytes = new byte[count];
        source.Read(Position, bytes);
        Skip(count);
        return bytes;
    }

    public void Skip(long count)
    {
        if (count > Remaining)
            throw source.Damaged("it ends too early");
        if (count <= _filled - _next)
            _next += (int)count;
        else
            Position += count;
    }

    /// <summary>The next few bytes, which must fit the buffer.</summary>
    private ReadOnlySpan<byte> Take(int count)
    {
        if (_filled - _next < count)
        {
            Position = _bufferStart + _next;
            if (count > Remaining)
                throw source.Damaged("it ends too early");
            _filled = (int)Math.Min(_buffer.Length, Remaining);
            source.Read(_bufferStart, _buffer.AsSpan(0, _filled));
        }
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_next, count);
        _next += count;
        return bytes;
    }
}
