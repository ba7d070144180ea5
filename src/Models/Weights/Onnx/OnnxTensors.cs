using System.Collections.ObjectModel;
using System.Text;

namespace SpGpu.Models.Weights.Onnx;

/// <summary>
/// The initialisers of a network that is stored as ONNX (onnx.proto of the ONNX specification), under the names that its graph
/// has for them. Of the graph nothing else is read.
/// </summary>
internal static class OnnxTensors
{
    private const string Kind = "ONNX", Save = "export the network again with its weights in the file";

    /// <summary>What exports of SpGpu name as the program that made them.</summary>
    private const string Own = "SpGpu";

    // Fields of ModelProto, GraphProto and TensorProto.
    private const int Producer = 2, Graph = 7, Initializer = 5;
    private const int Extents = 1, DataType = 2, FloatData = 4, Int64Data = 7, Name = 8, RawData = 9, ExternalData = 13;

    private const int MaxTensors = 100_000, MaxNameBytes = 10_000;

    /// <summary>TensorProto.DataType, as far as weights have it.</summary>
    private static readonly Dictionary<ulong, ElementType> _types = new()
    {
        [1] = ElementType.F32,
        [2] = ElementType.U8,
        [3] = ElementType.I8,
        [6] = ElementType.I32,
        [7] = ElementType.I64,
        [9] = ElementType.BOOL,
        [10] = ElementType.F16,
        [11] = ElementType.F64,
        [16] = ElementType.BF16,
    };

    /// <summary>Whether a file begins as those that exporters write: a version, then the producer or the graph.</summary>
    public static bool IsIn(ByteSource source)
    {
        Span<byte> start = stackalloc byte[3];
        if (source.Length < start.Length)
            return false;
        source.Read(0, start);
        return start is [0x08, > 0 and < 32, 0x12 or 0x3A];
    }

    /// <summary>Finds the tensors; no data is read.</summary>
    /// <exception cref="WeightsException">The file is damaged, or keeps its weights elsewhere.</exception>
    public static StoredTensors Read(ByteSource source)
    {
        var tensors = new List<StoredTensor>();
        if (Inner(ProtobufFields.Of(source, 0, source.Length), Producer).Any(field => ReadName(source, field) == Own))
        {
            throw source.Refused(
                "it was exported by SpGpu, with batch norms folded into convolutions", "give the weights that it was made from");
        }
        foreach (ProtobufField graph in Inner(ProtobufFields.Of(source, 0, source.Length), Graph))
        {
            foreach (ProtobufField tensor in Inner(ProtobufFields.Of(source, graph.Start, graph.Length), Initializer))
            {
                tensors.Add(ReadTensor(source, tensor));
                if (tensors.Count > MaxTensors)
                    throw source.Refused($"it holds more than {MaxTensors} tensors", "give the weights of one network");
            }
        }
        return tensors.Count > 0
            ? new StoredTensors(Kind, DnnResNet18.Named(tensors), ReadOnlyDictionary<string, string>.Empty)
            : throw source.Refused("it is a network as ONNX or of TensorFlow without weights in it", Save);
    }

    private static IEnumerable<ProtobufField> Inner(IEnumerable<ProtobufField> fields, int number) =>
        fields.Where(field => field.IsBytes && field.Number == number);

    private static StoredTensor ReadTensor(ByteSource source, ProtobufField message)
    {
        var extents = new List<long>();
        string name = "";
        ulong dataType = 0;
        var data = new List<ProtobufField>();
        foreach (ProtobufField field in ProtobufFields.Of(source, message.Start, message.Length))
        {
            switch (field.Number)
            {
                case Extents when extents.Count <= TensorShape.MaxRank:
                    extents.AddRange(field.IsBytes
                        ? ProtobufFields.Packed(source, field).Take(TensorShape.MaxRank + 1).Select(extent => (long)extent)
                        : [(long)field.Value]);
                    break;
                case DataType:
                    dataType = field.Value;
                    break;
                case Name:
                    name = ReadName(source, field);
                    break;
                case ExternalData:
                    throw source.Refused("it keeps its weights in another file", Save);
                case FloatData or RawData when field.IsBytes:
                    data.Add(field);
                    break;
                case Int64Data:
                    throw source.Refused($"its tensor {Quoted.Text(name)} has integers of varying length", "save it as raw data");
            }
        }
        if (!_types.TryGetValue(dataType, out ElementType type))
            throw source.Refused($"its tensor {Quoted.Text(name)} has elements of type {dataType}, which weights have not", Save);
        (int[] shape, int count) = TensorShape.Check(extents)
            ?? throw source.Damaged($"the shape of its tensor {Quoted.Text(name)} cannot be");
        long bytes = (long)count * type.Size();
        // Numbers that are written one by one have a tag each, and so the bytes of one.
        ProtobufField own = data is [] && bytes == 0 ? message with { Length = 0 }
            : data is [var one] && one.Length == bytes ? one
            : throw source.Damaged($"its tensor {Quoted.Text(name)} of {count} elements does not have the bytes of so many");
        return new(name, type, shape, () => new StoredElements(source.Slice(own.Start, own.Length), 0, type, shape, count));
    }

    private static string ReadName(ByteSource source, ProtobufField field)
    {
        if (field.Length > MaxNameBytes)
            throw source.Damaged($"a name in it has {field.Length} bytes");
        byte[] name = new byte[field.Length];
        source.Read(field.Start, name);
        return Encoding.UTF8.GetString(name);
    }
}
