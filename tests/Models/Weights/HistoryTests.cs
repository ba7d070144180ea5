using System.Text;
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

    /// <summary>Adds the history of some scalars, each of arrays of so many bytes.</summary>
    internal static void Add(PickleBuilder pickle, int scalars, int bytes)
    {
        pickle.Op("}").Text("log_scalars").Global("collections", "OrderedDict").Op(")R");
        string values = Encoding.Latin1.GetString([.. Enumerable.Range(0, bytes).Select(i => (byte)(i * 37))]);
        for (int i = 0; i < scalars; i++)
        {
            pickle.Text($"train/loss{i}").Global("mmengine.logging.history_buffer", "HistoryBuffer").Op(")").Raw(0x81).Op("}")
                .Text("max_length").Integer(1_000_000).Op("s")
                .Text("_log_history");
            Array(pickle, values).Op("s").Text("_count_history");
            Array(pickle, values).Op("s").Text("statistics_methods").Op("}").Text("mean").Global("__builtin__", "getattr")
                .Global("mmengine.logging.history_buffer", "HistoryBuffer").Text("mean").Raw(0x86).Op("Rssbs");
        }
        pickle.Op("s");
    }

    private static byte[] Checkpoint(int scalars, int bytes)
    {
        PickleBuilder pickle = PickleBuilder.Start().Op("}")
            .Text("state_dict").Op("}").Text("w").Tensor("0", 1, 0, [1], [1]).Op("ss")
            .Text("meta").Op("}").Text("cfg").Text(new string('#', 100_000)).Op("ss")
            .Text("message_hub");
        Add(pickle, scalars, bytes);
        return pickle.Op("s").Stop();
    }

    /// <summary>An array of doubles as NumPy pickles it.</summary>
    private static PickleBuilder Array(PickleBuilder pickle, string values)
    {
        pickle.Global("numpy.core.multiarray", "_reconstruct").Global("numpy", "ndarray").Op("K\0").Raw(0x85);
        Bytes(pickle, "b").Raw(0x87).Op("R(K\u0001")
            .Integer(values.Length / 8).Raw(0x85).Global("numpy", "dtype").Text("f8").Raw(0x89, 0x88, 0x87).Op("R(K\u0003").Text("<")
            .Op("NNNJ").UInt32(uint.MaxValue).Op("J").UInt32(uint.MaxValue).Op("K\0tb").Raw(0x89);
        return Bytes(pickle, values).Op("tb");
    }

    private static PickleBuilder Bytes(PickleBuilder pickle, string text) =>
        pickle.Global("_codecs", "encode").Text(text).Text("latin1").Raw(0x86).Op("R");
}
