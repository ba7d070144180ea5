using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>The history of a training run that mmengine keeps beside the weights: objects of its own with arrays of NumPy.</summary>
public class HistoryTests
{
    private const long Steps = 160_000;

    [Fact]
    public void It_is_passed_over_in_either_format()
    {
        byte[] pickle = Checkpoint(scalars: 3, bytes: 64);
        Assert.Equal([2f], Reading.Model(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(2))))["w"].Floats);
        Assert.Equal([2f], Reading.Model(PickleBuilder.Legacy(pickle, ("0", 1, PickleBuilder.Floats(2))))["w"].Floats);
    }

    [Fact]
    public void That_of_a_long_run_takes_no_memory()
    {
        // 20 arrays of 8 bytes a step, most of which take two in UTF-8.
        byte[] pickle = Checkpoint(scalars: 10, bytes: (int)(8 * Steps));
        byte[] file = PickleBuilder.Legacy(pickle, ("0", 1, PickleBuilder.Floats(2)));
        Assert.InRange(file.Length, 20 * 8 * Steps, long.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal([2f], Reading.Model(file)["w"].Floats);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_text_that_is_passed_over_must_end_before_the_file_does()
    {
        byte[] pickle = PickleBuilder.Start().Op("}").Text("log").Op("X").UInt32(1 << 20).Raw(new byte[1000]).Stop();
        Assert.Contains("ends too early", Refusal.Of(PickleBuilder.Zip(pickle)));
        pickle = PickleBuilder.Start().Op("}").Text("log").Op("X").UInt32((1 << 26) + 1).Raw(new byte[1000]).Stop();
        Assert.Contains("a text of 67108865 bytes", Refusal.Of(PickleBuilder.Zip(pickle)));
    }

    [Fact]
    public void Long_texts_are_no_keys_or_names()
    {
        string text = new('x', 1 << 17);
        byte[] key = PickleBuilder.Start().Op("}").Text(text).Op("Ns").Stop();
        Assert.Contains("uses a text as a key", Refusal.Of(PickleBuilder.Zip(key)));
        byte[] storage = PickleBuilder.Start().Op("}").Text("w").Tensor(text, 1, 0, [1], [1]).Op("s").Stop();
        Assert.Contains("not a storage", Refusal.Of(PickleBuilder.Zip(storage)));
    }

    [Fact]
    public void An_attribute_of_what_has_no_place_there_is_refused()
    {
        byte[] pickle = PickleBuilder.Start().Global("__builtin__", "getattr").Global("os", "path").Text("join").Raw(0x86).Op("R").Stop();
        Assert.Contains("'os.path', which has no place", Refusal.Of(PickleBuilder.Zip(pickle)));
    }

    private static byte[] Checkpoint(int scalars, int bytes)
    {
        PickleBuilder pickle = PickleBuilder.Start().Op("}")
            .Text("state_dict").Op("}").Text("w").Tensor("0", 1, 0, [1], [1]).Op("ss")
            .Text("meta").Op("}").Text("cfg").Text(new string('#', 100_000)).Op("ss")
            .Text("message_hub");
        MmCheckpoint.AddHistory(pickle, scalars, bytes);
        return pickle.Op("s").Stop();
    }
}
