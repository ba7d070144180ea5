using System.Runtime.InteropServices;
using Google.Protobuf;

namespace SpGpu.Onnx.Format;

/// <summary>
/// A protobuf message as a list of fields. Sizes are known without the elements of tensors, which are asked for one
/// tensor at a time while writing, so that a file is never in memory as a whole.
/// </summary>
internal sealed class Message
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>The encoded length; of what cannot be written too, so that it can be said how much is too much.</summary>
    public long Bytes { get; private set; }

    public Message Add(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    public Message Add(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    public Message Add(int field, string value) =>
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), output => output.WriteString(value));

    public Message Add(int field, Message message)
    {
        // The inner message is complete: its length is written before it.
        long bytes = message.Bytes;
        return Add(field, WireFormat.WireType.LengthDelimited, LengthSize(bytes) + bytes, output =>
        {
            output.WriteLength((int)bytes);
            message.WriteTo(output);
        });
    }

    /// <summary>Adds the bytes of elements that are made when they are written.</summary>
    public Message Add<T>(int field, long count, Elements<T> elements) where T : unmanaged
    {
        long bytes = count * Marshal.SizeOf<T>();
        return Add(field, WireFormat.WireType.LengthDelimited, LengthSize(bytes) + bytes,
            output => output.WriteBytes(ByteString.CopyFrom(MemoryMarshal.AsBytes(elements()))));
    }

    public void WriteTo(CodedOutputStream output)
    {
        foreach (Action<CodedOutputStream> write in _fields)
            write(output);
    }

    private Message Add(int field, WireFormat.WireType type, long bytes, Action<CodedOutputStream> write)
    {
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        Bytes += CodedOutputStream.ComputeTagSize(field) + bytes;
        return this;
    }

    private static int LengthSize(long bytes) => CodedOutputStream.ComputeInt64Size(bytes);
}
