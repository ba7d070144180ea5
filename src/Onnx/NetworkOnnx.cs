using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Models;

namespace SpGpu.Onnx;

/// <summary>Writes a network for segmentation as an ONNX file.</summary>
public static class NetworkOnnx
{
    private const string Image = "image";
    private const string Logits = "logits";

    /// <summary>
    /// Writes the network for pictures of one size. The file's input is <c>image</c> (1,3,H,W, normalised), its output
    /// <c>logits</c> (1,classes,h,w at the network's own stride, mostly 8: h = ceil(H / 8)); the file says how to make the one
    /// and what to do with the other.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="size">H and W; pooled grids depend on them, so that the file is for this size alone.</param>
    /// <exception cref="ShapeException">The network cannot take the size.</exception>
    /// <exception cref="ConfigurationException">The file would exceed 2 GB.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void ExportOnnx(this NetworkWeights weights, string path, Size2D size)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.Architecture.Build().ExportOnnx(path, weights.State, Inputs(size), Options(weights));
    }

    /// <summary>Writes the same into a stream, which stays open; what the stream throws comes through.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="stream">The stream, which need not seek.</param>
    /// <param name="size">H and W; pooled grids depend on them, so that the file is for this size alone.</param>
    /// <exception cref="ShapeException">The network cannot take the size.</exception>
    /// <exception cref="ConfigurationException">The file would exceed 2 GB.</exception>
    public static void ExportOnnx(this NetworkWeights weights, Stream stream, Size2D size)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.Architecture.Build().ExportOnnx(stream, weights.State, Inputs(size), Options(weights));
    }

    private static (string Name, Shape Shape)[] Inputs(Size2D size) => [(Image, new Shape(1, 3, size.Height, size.Width))];

    private static OnnxOptions Options(NetworkWeights weights)
    {
        string mean = Join(ColourStatistics.ImageNet.Mean), deviation = Join(ColourStatistics.ImageNet.Deviation);
        SegmentationArchitecture network = weights.Architecture;
        string classes = network.Classes.ToString(CultureInfo.InvariantCulture), stride = Stride(network);
        string corners = network.Resize == ResizeRule.CornerAligned ? "corners aligned" : "half-pixel centres";
        return new()
        {
            Outputs = [("score", Logits)],
            Name = network.Name,
            Description =
                $"Semantic segmentation with {network.Title}. " +
                $"Input: {Image}, one picture in the order red, green, blue, normalised: (pixel - mean) / std with pixels from 0 to 255, " +
                $"mean {mean} and std {deviation}. Output: {Logits}, the scores of {classes} classes at a stride of {stride}; " +
                $"interpolate them to the picture's size (bilinear, {corners}), then take the largest class of each pixel.",
            ValueDescriptions = new Dictionary<string, string>
            {
                [Image] = $"RGB, (pixel - mean) / std with pixels from 0 to 255, mean {mean}, std {deviation}",
                [Logits] = $"scores of {classes} classes at a stride of {stride}",
            },
            Metadata = Metadata(weights, mean, deviation),
        };
    }

    private static Dictionary<string, string> Metadata(NetworkWeights weights, string mean, string deviation)
    {
        var metadata = new Dictionary<string, string>
        {
            ["mean"] = mean,
            ["std"] = deviation,
            ["channels"] = "RGB",
            ["classes"] = weights.Architecture.Classes.ToString(CultureInfo.InvariantCulture),
            ["resize"] = weights.Architecture.Resize == ResizeRule.CornerAligned ? "align_corners" : "half_pixel",
            ["network"] = weights.Architecture.Name,
            ["stride"] = Stride(weights.Architecture),
        };
        NetworkClasses classes = weights.Classes;
        if (classes.Names is not null)
            metadata["names"] = string.Join('\n', classes.Names);
        if (classes.Colours is not null)
            metadata["colors"] = string.Join(' ', classes.Colours.Select(colour => colour.ToHex()));
        return metadata;
    }

    private static string Stride(SegmentationArchitecture network) => network.ScoreStride.ToString(CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<float> numbers) =>
        string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
