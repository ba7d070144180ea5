using System.Buffers.Binary;
using SpGpu.Layers;
using SpGpu.Models.Tests.Weights.Fuzzing;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights.PyTorch;

public class TorchZipTests
{
    private static readonly ZipItem _pickle = new("top/data.pkl", PickleBuilder.Single("0", 2, 0, [2], [1]));
    private static readonly ZipItem _storage = new("top/data/0", PickleBuilder.Floats(1, 2));

    [Theory]
    [InlineData("archive")]
    [InlineData("model best (1)")]
    public void The_top_folder_may_have_any_name(string top) => Assert.Equal(
        [1f, 2f], Load(_pickle with { Name = $"{top}/data.pkl" }, _storage with { Name = $"{top}/data/0" }));

    [Fact]
    public void Compressed_records_load()
    {
        float[] ramp = [.. Enumerable.Range(0, 10_000).Select(i => (float)(i % 100))];
        ZipItem pickle = new("top/data.pkl", PickleBuilder.Single("0", ramp.Length, 0, [ramp.Length], [1])) { IsDeflated = true };
        Assert.Equal(ramp, Load(pickle, new ZipItem("top/data/0", PickleBuilder.Floats(ramp)) { IsDeflated = true }));
    }

    [Fact]
    public void A_zip64_place_is_read() => Assert.Equal([1f, 2f], Load(_pickle with
    {
        HeaderStart = uint.MaxValue,
        Extra = [1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    }, _storage));

    [Theory]
    [InlineData(new byte[] { 1, 0, 4, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 8, 0, 255, 255, 255, 255, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 1, 0, 8, 0, 255, 255, 255, 255, 255, 255, 255, 127 })]
    [InlineData(new byte[] { 1, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { })]
    public void A_zip64_place_that_lies_is_refused(byte[] extra) =>
        Refuse(_pickle with { HeaderStart = uint.MaxValue, Extra = extra }, _storage);

    [Fact]
    public void Little_is_the_only_byte_order()
    {
        Assert.Equal([1f, 2f], Load(_pickle, _storage, new ZipItem("top/byteorder", [.. "little"u8])));
        Assert.Contains("not little-endian", Refuse(_pickle, _storage, new ZipItem("top/byteorder", [.. "big"u8])));
    }

    [Fact]
    public void What_a_checkpoint_needs_is_missed_by_name()
    {
        Assert.Contains("without 'top/data.pkl'", Refuse(_storage));
        Assert.Contains("storage '0' is missing", Refuse(_pickle));
        Assert.Contains("not of one folder", Refuse(_pickle, _storage, _pickle with { Name = "other/data.pkl" }));
        Assert.Contains("not of one folder", Refuse(_pickle with { Name = "../data.pkl" }, _storage with { Name = "../data/0" }));
        Assert.Contains("not of one folder", Refuse(_pickle with { Name = "/data.pkl" }, _storage with { Name = "/data/0" }));
    }

    [Fact]
    public void What_two_readers_could_read_differently_is_refused()
    {
        Assert.Contains("'top/data.pkl' twice", Refuse(_pickle, _storage, _pickle));
        Assert.Contains("contradicts", Refuse(_pickle with { LocalName = "top/nada.pkl" }, _storage));
        Assert.Contains("contradicts", Refuse(_pickle with { LocalFlags = 8 }, _storage));
        Assert.Contains("overlaps", Refuse(_pickle, _storage with { HeaderStart = 0 }));
        Assert.Contains("encrypted", Refuse(_pickle with { Flags = 1 }, _storage));
        Assert.Contains("encrypted", Refuse(_pickle, _storage with { Flags = 1 << 13 }));
        Assert.Contains("method 12", Refuse(_pickle with { Method = 12 }, _storage));
        Assert.Contains("checksum", Refuse(_pickle, _storage with { Crc = 7 }));
        Assert.Contains("checksum", Refuse(_pickle with { Crc = 7 }, _storage));
        Assert.Contains("'top/data/0'", Refuse(_pickle, _storage with { Length = 9 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(ushort.MaxValue)]
    public void A_comment_is_read_over(int length)
    {
        byte[] file = Commented(new string('x', length));
        Assert.Equal([1f, 2f], Reading.Model(file, "memory")["w"].Floats);
        // One that is longer or shorter than it claims.
        Assert.Contains("does not end as one", Refusal.Of([.. file, (byte)'x']));
        Assert.Contains("does not end as one", Refusal.Of(file[..^1]));
    }

    [Fact]
    public void A_comment_that_looks_like_an_end_is_refused()
    {
        // A reader that searches from the back would see an archive without records.
        Assert.Contains("contradicts itself", Refusal.Of(Commented("PK\x05\x06" + new string('\0', 18))));
        Assert.Contains("does not end as one", Refusal.Of(Commented("PK\x05\x06" + new string('\0', 19))));
        Assert.Contains("does not end as one", Refusal.Of(Commented("xPK\x05\x06")));
    }

    [Fact]
    public void What_macOS_adds_to_an_archive_is_passed_over() =>
        Assert.Equal(
            [1f, 2f], Load(new ZipItem("__MACOSX/top/._data.pkl", [1]), _pickle, _storage, new ZipItem("top/.DS_Store", [1]),
                new ZipItem(".DS_Store", [1])));

    [Theory]
    [InlineData("spnet50.pth")]
    [InlineData("weights/best.PT")]
    public void A_checkpoint_within_an_archive_is_to_be_unpacked(string name)
    {
        string message = Refuse(new ZipItem(name, [1]), new ZipItem("README.md", [2]));
        Assert.Contains($"holds '{name}'", message);
        Assert.Contains("unpack it", message);
    }

    [Fact]
    public void An_archive_of_arrays_is_named_as_such() =>
        Assert.All(
            (Func<byte[], StateDict>[])[file => Reading.Model(file, "bad.file"), file => Reading.SafeTensors(file, "bad.file")],
            read =>
                Assert.Contains("NumPy (.npz)",
                    Refusal.Of(() => read(ZipBuilder.Build(new ZipItem("input.npy", [1]), new ZipItem("other.npy", [2]))))));

    [Theory]
    [InlineData(18)] // This disk.
    [InlineData(16)] // The disk of the directory.
    [InlineData(14)] // Entries on this disk.
    [InlineData(12)] // Entries.
    [InlineData(10)] // Length of the directory.
    [InlineData(6)] // Place of the directory.
    [InlineData(2)] // Length of the comment.
    public void An_end_that_lies_is_refused(int fromEnd)
    {
        byte[] file = ZipBuilder.Build(_pickle, _storage);
        file[^fromEnd] ^= 1;
        Refusal.Of(file);
    }

    [Fact]
    public void A_zip64_end_that_lies_is_refused()
    {
        byte[] sound = Fixtures.Bytes("sd_zip.pth");
        // From the zip64 end (56 bytes) over its locator (20) to the number of disks in the plain end (22).
        for (int place = sound.Length - 98; place < sound.Length; place++)
        {
            bool isVersion = place - (sound.Length - 98) is >= 12 and < 16;
            byte[] file = [.. sound];
            file[place] ^= 0x40;
            if (!isVersion)
                Refusal.Of(file);
        }
    }

    [Fact]
    public void Bombs_do_not_go_off()
    {
        ZipItem bomb = new("top/data/0", new byte[1 << 20]) { IsDeflated = true };
        ZipItem pickle = _pickle with { Content = PickleBuilder.Single("0", 1 << 18, 0, [1 << 18], [1]) };
        Assert.Contains("claims to grow", Refuse(pickle, bomb));
        // One that claims to be small and one that claims more than it has.
        Assert.Contains("longer than it claims", Refuse(_pickle, bomb with { Length = 8 }));
        Assert.Contains("cannot be decompressed", Refuse(_pickle with { IsDeflated = true, Length = 1000 }, _storage));
    }

    [Fact]
    public void A_lying_length_takes_no_memory()
    {
        byte[] file = ZipBuilder.Build(_pickle with { Length = 0x7FFFFFFF, IsDeflated = true }, _storage);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal.Of(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Bytes_after_the_pickle_are_refused() => Assert.Contains(
        "follow the end of its pickle", Refuse(_pickle with { Content = [.. _pickle.Content, 0] }, _storage));

    [Fact]
    public void One_storage_may_be_seen_as_two_types()
    {
        byte[] pickle = PickleBuilder.Start().Op("}").Text("f").Tensor("0", 2, 0, [2], [1]).Op("s")
            .Text("b").Tensor("0", 8, 3, [1], [1], "ByteStorage").Op("s").Stop();
        Assert.Equal(new byte[] { 0x3F }, Reading.Model(ZipBuilder.Build(_pickle with { Content = pickle }, _storage), "memory")["b"].Data);
    }

    [Fact]
    public void Reading_takes_little_more_memory_than_the_tensors()
    {
        byte[] data = new byte[4 << 20];
        BinaryPrimitives.WriteSingleLittleEndian(data, 1);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, PickleBuilder.Zip(PickleBuilder.Single("0", 1 << 20, 0, [1 << 20], [1]), ("0", data)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Reading.Model(path);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 4 << 20, (4 << 20) + (1 << 18));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Commented(string comment) =>
        [.. ZipBuilder.Build(_pickle, _storage)[..^2], .. BitConverter.GetBytes((ushort)comment.Length), .. comment.Select(c => (byte)c)];

    private static float[] Load(params ZipItem[] items) => Reading.Model(ZipBuilder.Build(items), "memory")["w"].Floats;

    private static string Refuse(params ZipItem[] items) => Refusal.Of(ZipBuilder.Build(items));
}
