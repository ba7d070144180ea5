using System.Text.Json;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Output;

/// <summary>What a weights file holds, as JSON.</summary>
internal static class WeightsJson
{
    public static void Write(Utf8JsonWriter json, WeightsFile weights, Size2D size)
    {
        var summary = new WeightsSummary(weights.Entries);
        json.WriteString("file", weights.Origin);
        json.WriteString("kind", weights.Kind);
        json.WriteNumber("bytes", weights.Length);
        json.WriteNumber("parameters", summary.Parameters);
        json.WriteNumber("statistics", summary.Statistics);
        WriteNetwork(json, weights, size);
        JsonResults.WriteArray(json, "unusable", weights.FindUnusable(), tensor =>
        {
            json.WriteString("name", tensor.Name);
            json.WriteString("problem", tensor.Problem);
        });
        JsonResults.WriteArray(json, "tensors", weights.Entries, tensor =>
        {
            json.WriteString("name", tensor.Name);
            json.WriteString("type", tensor.ElementType);
            json.WriteStartArray("shape");
            foreach (int extent in tensor.Shape)
                json.WriteNumberValue(extent);
            json.WriteEndArray();
        });
    }

    /// <summary>The network, null where the tensors are of none that is known; its work, null at a size that it cannot take.</summary>
    private static void WriteNetwork(Utf8JsonWriter json, WeightsFile weights, Size2D size)
    {
        SegmentationArchitecture architecture;
        try
        {
            architecture = SegmentationArchitecture.Read(weights, weights.Origin);
        }
        catch (WeightsException)
        {
            json.WriteNull("network");
            return;
        }
        json.WriteString("network", architecture.Title);
        json.WriteNumber("classes", architecture.Classes);
        json.WriteNumber("stride", architecture.ScoreStride);
        json.WriteNumber("width", size.Width);
        json.WriteNumber("height", size.Height);
        try
        {
            Graph graph = architecture.Build();
            (string, Shape)[] image = [("image", new Shape(1, 3, size.Height, size.Width))];
            json.WriteNumber("multiply_adds", graph.MultiplyAdds(image, "score"));
            json.WriteNumber("activation_bytes", graph.ActivationBytes(image, "score"));
        }
        catch (ShapeException)
        {
            json.WriteNull("multiply_adds");
        }
    }
}
