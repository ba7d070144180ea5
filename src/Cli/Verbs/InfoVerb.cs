using System.CommandLine;
using System.Globalization;
using SpGpu.Cli.Output;
using SpGpu.Cli.PublicWeights;
using SpGpu.Cli.Usage;
using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;

namespace SpGpu.Cli.Verbs;

/// <summary><c>spgpu info</c>: what a weights file holds, and the network that it is for.</summary>
internal static class InfoVerb
{
    private const int LabelColumns = 16, LeastNameColumns = 48;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A .safetensors, .pth or .onnx file, or a network that was pulled" };
        Option<Size2D> size = Options.Size();
        var keys = new Option<bool>("--keys") { Description = "Also list every tensor" };
        Option<string> json = JsonResults.Option();
        var command = new Verb("info", "Describe a weights file: tensors, parameters, architecture, work.",
            "spgpu info spnet50.pth",
            "spgpu info spnet50.safetensors --size 1024x512 --keys")
        {
            file, size, keys, json,
        };
        command.SetAction(parsed =>
        {
            string path = WeightsCache.Find(parsed.GetRequiredValue(file));
            JsonResults? results = JsonResults.Of(parsed.GetValue(json), terminal, path);
            using var weights = WeightsFile.Open(path);
            PrintFile(terminal, weights);
            PrintNetwork(terminal, weights, parsed.GetValue(size), parsed.GetResult(size) is { Implicit: false });
            if (parsed.GetValue(keys))
                PrintKeys(terminal, weights);
            results?.Write(writer => WeightsJson.Write(writer, weights, parsed.GetValue(size)));
        });
        return command;
    }

    private static void PrintFile(Terminal terminal, WeightsFile weights)
    {
        IReadOnlyList<UnusableTensor> unusable = weights.FindUnusable();
        var summary = new WeightsSummary(weights.Entries);
        Line(terminal, "file", weights.Origin);
        Line(terminal, "kind", $"{weights.Kind}, {Text.Bytes(weights.Length)}");
        if (weights.Epoch is { } epoch)
            Line(terminal, "epoch", epoch.ToString(CultureInfo.InvariantCulture));
        IEnumerable<string> types = weights.Entries.CountBy(tensor => tensor.ElementType)
            .Select(type => $"{Text.Count(type.Value)} {type.Key}");
        Line(terminal, "tensors", $"{Text.Count(weights.Entries.Count)} ({string.Join(", ", types)})");
        string statistics = summary.Statistics > 0 ? $", and {Text.Count(summary.Statistics)} numbers of running statistics" : "";
        Line(terminal, "parameters", Text.Count(summary.Parameters) + statistics);
        if (unusable.Count > 0)
            Line(terminal, "unusable", WeightsSummary.Describe(unusable));
    }

    private static void PrintNetwork(Terminal terminal, WeightsFile weights, Size2D size, bool isChosen)
    {
        SegmentationArchitecture architecture;
        try
        {
            architecture = SegmentationArchitecture.Read(weights, weights.Origin);
        }
        catch (WeightsException error)
        {
            // Not a fault: the verb describes any file.
            Line(terminal, "architecture", $"not a whole network: {error.Message}");
            return;
        }
        Line(terminal, "architecture", architecture.Title);
        PrintClasses(terminal, weights, architecture.Classes);
        if (architecture is SpNetArchitecture net)
        {
            Line(terminal, "strip pooling", Architectures.StripPooling(net));
            if (net.Skip)
                Line(terminal, "skip", "from the first stage, at a stride of 4");
            Line(terminal, "pooled grids", $"{net.Pools.Large} and {net.Pools.Small}");
        }
        Line(terminal, "auxiliary head", architecture.Auxiliary ? "yes (for training)" : "no");
        if (TrainedOn.Read(weights.Metadata) is { } trained)
            Line(terminal, "trained on", $"{Text.Count(trained.Pictures, "picture")}, their list has CRC-32 {trained.ListChecksum}");
        string rule = architecture.Resize == ResizeRule.HalfPixel ? "half-pixel centres" : "aligned corners";
        Line(terminal, "logits", FormattableString.Invariant($"at a stride of {architecture.ScoreStride}, resized with {rule}"));
        if (architecture.Sizes != SizeRule.Any)
            Line(terminal, "sizes", $"{architecture.Sizes}: pictures are enlarged to the next");
        try
        {
            // Only shapes count, so that a file need not be complete, and one that claims large ones takes no memory.
            Graph graph = architecture.Build();
            (string, Shape)[] image = [("image", new Shape(1, 3, size.Height, size.Width))];
            LoadReport fit = NetworkWeights.Of(weights, architecture, strict: false).Report;
            if (!fit.IsExact)
                Line(terminal, "does not fit", $"{fit.Summary}; 'segment' takes it with --no-strict");
            string work = FormattableString.Invariant($"{graph.MultiplyAdds(image, "score") / 1e9:0.000} GMAC");
            string all = FormattableString.Invariant($"{graph.Operations(image, "score") / 1e9:0.000} GFLOP with all operators");
            string activations = Text.Bytes(graph.ActivationBytes(image, "score"));
            Line(
                terminal, "memory",
                $"{activations} of activations at {size.Width}x{size.Height}, where operators run one after another; weights and "
                + "workspace on top");
            Line(
                terminal, "work",
                $"{work} at {size.Width}x{size.Height} (multiply-adds of convolutions, without the auxiliary head; {all})");
        }
        catch (ShapeException error) when (isChosen)
        {
            throw new ConfigurationException($"--size: {error.Message}", error);
        }
        catch (ShapeException error)
        {
            // Not a fault either: a network may be too wide for any size.
            Line(terminal, "work", $"none at {size.Width}x{size.Height}: {error.Message}");
        }
    }

    private static void PrintClasses(Terminal terminal, WeightsFile weights, int count)
    {
        try
        {
            var classes = NetworkClasses.Read(weights.Metadata, count, weights.Origin);
            if (classes.Names is { } names)
                Line(terminal, "classes", string.Join(", ", names));
            if (classes.Colours is { } colours)
                Line(terminal, "colours", string.Join(' ', colours.Select(colour => colour.ToHex())));
            if (Legend.Assumption(count, classes.Names is null, classes.Colours is null) is { } assumed)
                Line(terminal, "assumed", $"{assumed}, by the number of classes");
        }
        catch (WeightsException error)
        {
            Line(terminal, "classes", error.Message);
        }
    }

    private static void PrintKeys(Terminal terminal, WeightsFile weights)
    {
        int columns = Text.Width(weights.Entries.Select(tensor => tensor.Name), LeastNameColumns, int.MaxValue);
        foreach (TensorDescription tensor in weights.Entries)
            terminal.Print($"{Text.Padded(tensor.Name, columns)} {tensor.ElementType,-4} {HostTensor.Describe(tensor.Shape)}");
    }

    private static void Line(Terminal terminal, string label, string text) => terminal.Print(label, text, LabelColumns);
}
