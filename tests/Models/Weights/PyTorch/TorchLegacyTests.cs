using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights.PyTorch;

public class TorchLegacyTests
{
    private static readonly byte[] _two = PickleBuilder.Floats(1, 2);
    private static readonly byte[] _pickle = PickleBuilder.Single("0", 2, 0, [2], [1]);

    [Fact]
    public void A_view_of_a_storage_loads()
    {
        // A tensor of the last two elements of a view that starts at element 1.
        byte[] file = PickleBuilder.Legacy(WithView("v", 1, 3, offset: 1), ("0", 4, PickleBuilder.Floats(1, 2, 3, 4)));
        Assert.Equal([3f, 4f], Reading.Model(file, "memory")["w"].Floats);
    }

    [Theory]
    [InlineData(-1, 2, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(1, -1, 0)]
    [InlineData(1, long.MaxValue, 0)]
    [InlineData(1, 2, 1)]
    public void A_view_outside_its_storage_is_refused(long start, long count, long offset) => Refusal.Of(
        PickleBuilder.Legacy(WithView("v", start, count, offset), ("0", 4, PickleBuilder.Floats(1, 2, 3, 4))));

    [Fact]
    public void The_head_must_be_that_of_torch_save()
    {
        byte[] tail = PickleBuilder.Legacy(_pickle, ("0", 2, _two))[PickleBuilder.LegacyHead().Length..];
        byte[] wrongMagic = PickleBuilder.LegacyHead();
        wrongMagic[5] ^= 1;
        Assert.Contains("torch.save did not write", Refusal.Of([.. wrongMagic, .. tail]));
        Assert.Contains("version 1001", Refusal.Of([.. PickleBuilder.LegacyHead(version: 1002), .. tail]));
        Assert.Contains("not little-endian", Refusal.Of([.. PickleBuilder.LegacyHead(littleEndian: false), .. tail]));
        Assert.Contains("torch.save did not write", Refusal.Of(_pickle));
    }

    [Fact]
    public void The_list_of_storages_must_be_that_of_the_tensors()
    {
        Assert.Contains("1 of its storages", Refuse(_pickle));
        Assert.Contains("a key twice", Refuse(_pickle, ("0", 2, _two), ("0", 2, _two)));
        Assert.Contains("no tensor uses", Refuse(_pickle, ("0", 2, _two), ("1", 2, _two)));
        Assert.Contains("2 elements", Refuse(_pickle, ("0", long.MaxValue, _two)));
        Assert.Contains("beyond its end", Refuse(_pickle, ("0", 2, _two[..4])));
        Assert.Contains("bytes follow", Refuse(_pickle, ("0", 2, [.. _two, 0])));
        byte[] twoTypes = PickleBuilder.Start().Op("}").Text("f").Tensor("0", 2, 0, [2], [1]).Op("s")
            .Text("i").Tensor("0", 2, 0, [2], [1], "IntStorage").Op("s").Stop();
        Assert.Contains("in two ways", Refuse(twoTypes, ("0", 2, _two)));
    }

    [Fact]
    public void A_storage_that_lies_about_its_length_takes_no_memory()
    {
        byte[] file = PickleBuilder.Legacy(PickleBuilder.Single("0", 1L << 40, 0, [1], [1]), ("0", 1L << 40, _two));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal.Of(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_tar_archive_is_named_as_such()
    {
        byte[] tar = new byte[1024];
        "sys_info"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Contains("PyTorch 0.1", Refusal.Of(tar));
    }

    private static string Refuse(byte[] pickle, params (string, long, byte[])[] storages) =>
        Refusal.Of(PickleBuilder.Legacy(pickle, storages));

    private static byte[] WithView(string key, long start, long count, long offset) => PickleBuilder.Start().Op("}").Text("w")
        .Global("torch._utils", "_rebuild_tensor").Op("((").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(4)
        .Op("(").Text(key).Integer(start).Integer(count).Op("ttQ").Integer(offset).Integers(2).Integers(1).Op("tRs").Stop();
}
