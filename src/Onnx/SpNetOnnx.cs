using System.Globalization;
using SpGpu.Gpu;
using SpGpu.Models;

namespace SpGpu.Onnx;

/// <summary>Writes an SPNet as an ONNX file.</summary>
public static class SpNetOnnx
{
    private const string Image = "image";
    private const string Logits = "logits";

    /// <summary>
    /// Writes the network for pictures of one size. The file's input is <c>image</c> (1,3,H,W, normalised), its output
    /// <c>logits</c> (1,classes,h,w at a stride of 8: h = ceil(H / 8)); the file says how to make the one and what to
    /// do with the other.
    /// </summary>
    /// <param name="weights">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="size">H and W; pooled grids depend on them, so that the file is for this size alone.</param>
    /// <exception cref="ShapeException">The network cannot take the size.</exception>
    /// <exception cref="ConfigurationException">The file would exceed 2 GB.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void ExportOnnx(this SpNetWeights weights, string path, Size2D size)
    {
        ArgumentNullException.ThrowIfNull(weights);
        string mean = Join(ColourStatistics.ImageNet.Mean), deviation = Join(ColourStatistics.ImageNet.Deviation);
        string classes = weights.Architecture.Classes.ToString(CultureInfo.InvariantCulture);
        var options = new OnnxOptions
        {
            Outputs = [("score", Logits)],
            Name = "SPNet",
            Description =
                "Semantic segmentation with a strip pooling network (SPNet; Hou et al., CVPR 2020). " +
                $"Input: {Image}, one picture in the order red, green, blue, normalised: (pixel - mean) / std with pixels from 0 to 255, " +
                $"mean {mean} and std {deviation}. Output: {Logits}, the scores of {classes} classes at an eighth of the size; " +
                "interpolate them to the picture's size (bilinear, corners aligned), then take the largest class of each pixel.",
            ValueDescriptions = new Dictionary<string, string>
            {
                [Image] = $"RGB, (pixel - mean) / std with pixels from 0 to 255, mean {mean}, std {deviation}",
                [Logits] = $"scores of {classes} classes at a stride of 8",
            },
            Metadata = Metadata(weights, mean, deviation),
        };
        SpNetGraph.Build(weights.Architecture)
            .ExportOnnx(path, weights.State, [(Image, new Shape(1, 3, size.Height, size.Width))], options);
    }

    private static Dictionary<string, string> Metadata(SpNetWeights weights, string mean, string deviation)
    {
        var metadata = new Dictionary<string, string>
        {
            ["mean"] = mean,
            ["std"] = deviation,
            ["channels"] = "RGB",
            ["classes"] = weights.Architecture.Classes.ToString(CultureInfo.InvariantCulture),
            ["stride"] = "8",
        };
        NetworkClasses classes = weights.Classes;
        if (classes.Names is not null)
            metadata["names"] = string.Join('\n', classes.Names);
        if (classes.Colours is not null)
            metadata["colors"] = string.Join(' ', classes.Colours.Select(colour => colour.ToHex()));
        return metadata;
    }

    private static string Join(IEnumerable<float> numbers) =>
        string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
