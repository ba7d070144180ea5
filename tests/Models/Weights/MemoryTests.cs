using System.Text;
using SpGpu.Layers;
using SpGpu.Models.Tests.Weights.Fuzzing;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>What a file may take of memory follows from its size, whatever it makes more of.</summary>
public class MemoryTests
{
    private const int Megabyte = 1 << 20;

    /// <summary>Files by name, with a part of the message that they must end in.</summary>
    private static readonly Dictionary<string, (Func<byte[]> Make, string Problem)> _hostile = new()
    {
        ["compressed, shared and widened bytes"] = (() => Multiplied("CharStorage", records: 6, views: 8), "clone()"),
        ["compressed, shared and widened halves"] = (() => Multiplied("HalfStorage", records: 6, views: 8), "clone()"),
        ["many compressed records"] = (() => Multiplied("CharStorage", records: 12, views: 1), "times as many"),
        ["compressed records of floats"] = (() => Multiplied("FloatStorage", records: 12, views: 1), "times as many"),
        ["a compressed pickle"] = (() => Zip(Dictionaries(600_000), compress: true), "claims to grow"),
        ["a compressed byte order"] = (() => ZipBuilder.Build(
            new ZipItem("a/data.pkl", PickleBuilder.Start().Op("}").Stop()),
            new ZipItem("a/byteorder", new byte[4 * Megabyte]) { IsDeflated = true }), "claims to grow"),
        ["a pickle of dictionaries"] = (() => Zip(Dictionaries(600_000)), "larger than that of any checkpoint"),
        ["fewer dictionaries"] = (() => Zip(Dictionaries(500_000)), "holds a list"),
        ["tensors of many dimensions"] = (() => Zip(ManyTensors(100_000)), "more than 65536 tensors"),
        ["strides of 0 in a legacy file"] = (() => PickleBuilder.Legacy(
            PickleBuilder.Single("0", 1, 0, [1 << 30], [0]), ("0", 1, PickleBuilder.Floats(1))), "clone()"),
        ["shared and widened bytes in a legacy file"] = (() => PickleBuilder.Legacy(
            Views("ByteStorage", 1, 64, Megabyte), ("0", Megabyte, new byte[Megabyte])), "clone()"),
        ["a header of empty tensors"] = (() => Header(i => $$"""
            "{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}
            """, 140_000), "more than 131072 tensors"),
        ["a header of empty texts"] = (() => Header(i => $"\"{i}\":\"\"", 140_000, "\"__metadata__\":{", "}"), "more than 131072 texts"),
    };

    public static TheoryData<string> Names => [.. _hostile.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_file_takes_little(string name)
    {
        byte[] file = _hostile[name].Make();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(_hostile[name].Problem, Refusal.Of(file));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 250 * Megabyte, $"{name}: {file.Length} bytes took {allocated}");
    }

    [Fact]
    public void A_checkpoint_packed_by_hand_is_read()
    {
        float[] values = [.. Enumerable.Range(0, Megabyte).Select(i => MathF.Sin(i))];
        byte[] pickle = PickleBuilder.Start().Op("}").Text("w").Tensor("0", Megabyte, 0, [Megabyte], [1]).Op("s")
            .Text("tied").Tensor("0", Megabyte, 0, [1024, 1024], [1, 1024]).Op("s").Stop();
        byte[] file = ZipBuilder.Build(
            new ZipItem("a/data.pkl", pickle) { IsDeflated = true },
            new ZipItem("a/data/0", PickleBuilder.Floats(values)) { IsDeflated = true });
        Assert.Equal(values, Reading.Model(file, "memory")["w"].Floats);
        Assert.Equal(values[1024], Reading.Model(file, "memory")["tied"].Floats[1]);
    }

    [Fact]
    public void Every_type_may_become_wider()
    {
        byte[] data = new byte[Megabyte];
        byte[] file = PickleBuilder.Zip(PickleBuilder.Single("0", data.Length, 0, [data.Length], [1], "CharStorage"), ("0", data));
        Assert.Equal(data.Length, Reading.Model(file, "memory")["w"].Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Describing_and_looking_through_a_file_loads_no_tensor(bool isCheckpoint)
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] data = new byte[2 * Megabyte];
            File.WriteAllBytes(path, isCheckpoint
                ? PickleBuilder.Zip(PickleBuilder.Single("0", data.Length / 2, 0, [data.Length / 2], [1], "HalfStorage"), ("0", data))
                : [.. Header(i => $$"""
                    "w":{"dtype":"F16","shape":[{{data.Length / 2}}],"data_offsets":[0,{{data.Length}}]}
                    """, 1), .. data]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            using var weights = WeightsFile.Open(path);
            Assert.Empty(weights.FindUnusable());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Megabyte / 2);
            TensorDescription tensor = Assert.Single(weights.Entries);
            Assert.Equal(("w", "F16"), (tensor.Name, tensor.ElementType));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_network_of_thousands_of_blocks_is_refused()
    {
        var state = Tiny.State();
        for (int block = 1; block < 5000; block++)
            state[$"pretrained.layer1.{block}.conv1.weight"] = new HostTensor(Array.Empty<float>(), 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("depths", Assert.Throws<WeightsException>(() => ArchitectureReader.Read(state, "bad.file")).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * Megabyte);
    }

    /// <summary>Records of 256 KB that shrink to a 64th, each seen several times.</summary>
    private static byte[] Multiplied(string type, int records, int views)
    {
        const int Length = Megabyte / 4;
        byte[] content = new byte[Length];
        new Random(1).NextBytes(content.AsSpan(0, Length / 70));
        int elements = Length / (type == "CharStorage" ? 1 : type == "HalfStorage" ? 2 : 4);
        return ZipBuilder.Build(
            [new ZipItem("a/data.pkl", Views(type, records, views, elements)) { IsDeflated = true },
            .. Enumerable.Range(0, records).Select(i => new ZipItem($"a/data/{i}", content) { IsDeflated = true })]);
    }

    private static byte[] Views(string type, int records, int views, int elements)
    {
        PickleBuilder pickle = PickleBuilder.Start().Op("}");
        for (int record = 0; record < records; record++)
        {
            for (int view = 0; view < views; view++)
                pickle.Text($"w{record}.{view}").Tensor($"{record}", elements, 0, [elements], [1], type).Op("s");
        }
        return pickle.Stop();
    }

    private static byte[] Dictionaries(int count) =>
        PickleBuilder.Start().Op("]").Raw(Enumerable.Repeat("}a"u8.ToArray(), count).SelectMany(pair => pair)).Stop();

    /// <summary>One tensor's arguments, remembered and used again and again.</summary>
    private static byte[] ManyTensors(int count)
    {
        long[] ones = [.. Enumerable.Repeat(1L, 64)];
        return PickleBuilder.Start().Op("]").Op("(").Storage("0", 1).Integer(0).Integers(ones).Integers(ones).Op("tq\u0001a")
            .Global("torch._utils", "_rebuild_tensor_v2").Op("q\u0002a")
            .Raw(Enumerable.Repeat("h\u0002h\u0001Ra"u8.ToArray(), count).SelectMany(call => call)).Stop();
    }

    private static byte[] Zip(byte[] pickle, bool compress = false) =>
        ZipBuilder.Build(new ZipItem("a/data.pkl", pickle) { IsDeflated = compress });

    private static byte[] Header(Func<int, string> entry, int count, string before = "", string after = "")
    {
        byte[] json = Encoding.UTF8.GetBytes($"{{{before}{string.Join(',', Enumerable.Range(0, count).Select(entry))}{after}}}");
        return [.. BitConverter.GetBytes(json.LongLength), .. json];
    }
}
