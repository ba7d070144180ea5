using System.Text;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Checkpoints as mmsegmentation publishes them, with what it keeps beside the weights; here a single tensor.</summary>
internal static class MmCheckpoint
{
    private static readonly byte[] _tensor = PickleBuilder.Floats(1, 2, 3, 4);

    /// <summary>One from before its version 1.0 and PyTorch 1.6.</summary>
    public static byte[] Former()
    {
        PickleBuilder pickle = PickleBuilder.Start().Op("}").Text("meta").Op("}").Text("epoch").Op("K\u0005s");
        AddClasses(pickle, "CLASSES", "PALETTE");
        return PickleBuilder.Legacy(WithTensor(pickle.Op("s")), ("0", 4, _tensor));
    }

    /// <summary>One from 1.0 on, in the form from before PyTorch 1.6 all the same.</summary>
    public static byte[] PresentLegacy() => PickleBuilder.Legacy(PresentPickle(), ("0", 4, _tensor));

    /// <summary>One from 1.0 on.</summary>
    public static byte[] Present() => PickleBuilder.Zip(PresentPickle(), ("0", _tensor));

    /// <summary>Adds the history of some scalars, each of arrays of so many bytes.</summary>
    public static void AddHistory(PickleBuilder pickle, int scalars, int bytes)
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

    private static byte[] PresentPickle()
    {
        PickleBuilder pickle = PickleBuilder.Start().Op("}").Text("meta").Op("}").Text("dataset_meta").Op("}");
        AddClasses(pickle, "classes", "palette");
        AddHistory(pickle.Op("ss").Text("message_hub"), scalars: 1, bytes: 16);
        return WithTensor(pickle.Op("s"));
    }

    private static void AddClasses(PickleBuilder pickle, string names, string colours) => pickle
        .Text(names).Op("(").Text("road").Text("wall").Op("ts")
        .Text(colours).Op("](").Op("](K\u0001K\u0002K\u0003e").Op("](K\u0004K\u0005K\u0006e").Op("es");

    private static byte[] WithTensor(PickleBuilder pickle) =>
        pickle.Text("state_dict").Op("}").Text("conv_seg.weight").Tensor("0", 4, 0, [2, 2, 1, 1], [2, 1, 1, 1]).Op("ss").Stop();

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
