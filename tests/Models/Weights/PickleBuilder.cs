using System.Buffers.Binary;
using System.Text;
using SpGpu.Models.Tests.Weights.Fuzzing;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Writes pickles instruction by instruction, sound ones and others.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [];

    /// <summary>Starts a pickle of protocol 2.</summary>
    public static PickleBuilder Start() => new PickleBuilder().Raw(0x80, 2);

    public PickleBuilder Raw(params IEnumerable<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Adds instructions that are printable, such as <c>"}("</c>.</summary>
    public PickleBuilder Op(string instructions) => Raw(Encoding.Latin1.GetBytes(instructions));

    public PickleBuilder Repeat(int count, byte instruction) => Raw(Enumerable.Repeat(instruction, count));

    public PickleBuilder Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op("X").UInt32((uint)utf8.Length).Raw(utf8);
    }

    /// <summary>Adds an integer as LONG1, which takes any.</summary>
    public PickleBuilder Integer(Int128 value)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(bytes, value);
        return Raw(0x8a, 16).Raw(bytes);
    }

    public PickleBuilder UInt32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public PickleBuilder Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleBuilder Integers(params long[] values)
    {
        Op("(");
        foreach (long value in values)
            Integer(value);
        return Op("t");
    }

    /// <summary>Adds a storage reference.</summary>
    public PickleBuilder Storage(string key, Int128 count, string type = "FloatStorage") =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Integer(count).Op("tQ");

    /// <summary>Adds a tensor, as torch.save does.</summary>
    public PickleBuilder Tensor(string key, long count, long offset, long[] sizes, long[] strides, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage(key, count, type).Integer(offset)
            .Integers(sizes).Integers(strides).Raw(0x89).Global("collections", "OrderedDict").Op(")RtR");

    /// <summary>Ends the pickle.</summary>
    public byte[] Stop() => [.. _bytes, (byte)'.'];

    /// <summary>A state dict of the single tensor <c>w</c>.</summary>
    public static byte[] Single(string key, long count, long offset, long[] sizes, long[] strides, string type = "FloatStorage") =>
        Start().Op("}").Text("w").Tensor(key, count, offset, sizes, strides, type).Op("s").Stop();

    /// <summary>A zip checkpoint of a pickle and storages.</summary>
    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Data)[] storages) => ZipBuilder.Build(
        [new ZipItem("a/data.pkl", pickle), .. storages.Select(storage => new ZipItem($"a/data/{storage.Key}", storage.Data))]);

    /// <summary>A legacy checkpoint of a pickle and storages with their numbers of elements.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Data)[] storages)
    {
        PickleBuilder keys = Start().Op("](");
        var data = new List<byte>();
        foreach ((string key, long count, byte[] bytes) in storages)
        {
            keys.Text(key);
            data.AddRange(BitConverter.GetBytes(count));
            data.AddRange(bytes);
        }
        return [.. LegacyHead(), .. pickle, .. keys.Op("e").Stop(), .. data];
    }

    /// <summary>What comes before the value in a legacy checkpoint.</summary>
    public static byte[] LegacyHead(int version = 1001, bool littleEndian = true) =>
    [
        .. Start().Raw(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).Stop(),
        .. Start().Integer(version).Stop(),
        .. Start().Op("}").Text("little_endian").Raw((byte)(littleEndian ? 0x88 : 0x89)).Op("s").Stop(),
    ];

    /// <summary>Elements as the bytes of a storage.</summary>
    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
