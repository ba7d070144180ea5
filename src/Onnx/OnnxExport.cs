using Google.Protobuf;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Onnx.Format;

namespace SpGpu.Onnx;

/// <summary>
/// Writes networks as ONNX files (operator set 13, float32) for other engines, with their parameters, for one input
/// shape. Batch norms are folded into convolutions, dropout is gone, everything else is a plain ONNX operator, so
/// that an engine can merge operators in its own way.
/// </summary>
public static class OnnxExport
{
    /// <summary>Protobuf's limit: lengths are 31 bits.</summary>
    private const long MostBytes = int.MaxValue;

    /// <summary>Writes a network to a file, as a whole or not at all. The same network gives the same bytes.</summary>
    /// <param name="graph">The graph, for inference.</param>
    /// <param name="path">The file.</param>
    /// <param name="parameters">Every parameter that the outputs need.</param>
    /// <param name="inputs">The shape N,C,H,W of every input that the outputs need.</param>
    /// <param name="options">Outputs, names and descriptions.</param>
    /// <exception cref="ShapeException">An output or input is unknown, or a layer cannot take its shape.</exception>
    /// <exception cref="WeightsException">A parameter is missing, has another shape, holds NaN or cannot be read.</exception>
    /// <exception cref="ConfigurationException">ONNX has no such operator, or the file would exceed 2 GB.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void ExportOnnx(
        this Graph graph, string path, ITensorSource parameters, IReadOnlyCollection<(string Name, Shape Shape)> inputs,
        OnnxOptions? options = null)
    {
        Message model = Translate(graph, parameters, inputs, options ?? new());
        AtomicFile.Write(path, stream => Write(model, stream));
    }

    /// <summary>
    /// Writes a network to a stream, which stays open; see the overload with a path. Parameters are read while they are
    /// written, so that the stream has a part of the file where one holds NaN.
    /// </summary>
    public static void ExportOnnx(
        this Graph graph, Stream stream, ITensorSource parameters, IReadOnlyCollection<(string Name, Shape Shape)> inputs,
        OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(Translate(graph, parameters, inputs, options ?? new()), stream);
    }

    private static Message Translate(
        Graph graph, ITensorSource parameters, IReadOnlyCollection<(string, Shape)> inputs, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(inputs);
        Message model = new GraphTranslator(graph, parameters, inputs, options).Model();
        if (model.Bytes > MostBytes)
        {
            throw new ConfigurationException(FormattableString.Invariant(
                $"the ONNX file would have {model.Bytes / 1e9:0.00} GB and the format ends at 2 GB; export a smaller network"));
        }
        return model;
    }

    private static void Write(Message model, Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        model.WriteTo(output);
    }
}
