using SpGpu.Gpu;
using SpGpu.Layers;

namespace SpGpu.Onnx;

/// <summary>Writes one operator of a graph as nodes of ONNX.</summary>
internal sealed class OperatorTranslator(ModelBuilder model, Node node, ParameterReader parameters)
{
    /// <summary>The version of ONNX's operators that the nodes are written for.</summary>
    public const int Opset = 13;

    public required string[] Inputs { get; init; }

    public required Shape[] InputShapes { get; init; }

    public required string[] Outputs { get; init; }

    public required Shape[] OutputShapes { get; init; }

    /// <exception cref="ConfigurationException">ONNX has no such operator.</exception>
    public void Translate()
    {
        switch (node.Specification)
        {
            case Convolution { Epilogue: Epilogue.None, ExpandAddRelu: false } convolution:
                Convolve(convolution);
                break;
            case BatchNorm norm:
                Normalize(norm);
                break;
            case Pointwise { Kind: PointwiseKind.Copy }:
            case AdaptiveAveragePool or Bilinear when InputShapes[0] == OutputShapes[0]:
                Last("Identity", Inputs);
                break;
            case Pointwise { Kind: PointwiseKind.Relu }:
                Last("Relu", Inputs);
                break;
            case Pointwise { Kind: PointwiseKind.Sigmoid }:
                Last("Sigmoid", Inputs);
                break;
            case Pointwise { Kind: PointwiseKind.Gelu }:
                Gelu();
                break;
            case Pointwise { Kind: PointwiseKind.Add }:
                Last("Add", Inputs);
                break;
            case Pointwise { Kind: PointwiseKind.Multiply }:
                Last("Mul", Inputs);
                break;
            case LayerNorm:
                NormalizePixels();
                break;
            case GroupNorm { Groups: var groups }:
                NormalizeGroups(groups);
                break;
            case MatrixDecomposition decomposition:
                string product = new DecompositionNodes(model, Inner, decomposition, InputShapes[0]).Write(Inputs[0]);
                Last("Reshape", [product, model.Extents(OutputShapes[0])]);
                break;
            case Softmax:
                Last("Softmax", Inputs, ("axis", 1));
                break;
            case Concat:
                Last("Concat", Inputs, ("axis", 1));
                break;
            case MaxPool pool:
                Last("MaxPool", Inputs,
                    ("kernel_shape", Both(pool.Kernel)), ("strides", Both(pool.Stride)), ("pads", Pads(pool.Padding)));
                break;
            case AveragePool pool:
                Last("AveragePool", Inputs,
                    ("kernel_shape", Both(pool.Kernel)), ("strides", Both(pool.Stride)), ("pads", Pads(pool.Padding)),
                    ("count_include_pad", 1));
                break;
            case AdaptiveAveragePool:
                Average();
                break;
            case StripMeans means:
                StripMeans(means);
                break;
            case ExpandAdd { Relu: false }:
                Last("Add", Inputs);
                break;
            case ExpandAdd:
                Last("Relu", [Inner("Add", "sum", Inputs)]);
                break;
            case StripGate:
                Last("Mul", [Inputs[0], Inner("Sigmoid", "sigmoid", [Inner("Add", "sum", Inputs[1..])])]);
                break;
            case Bilinear { Rule: var rule }:
                Last("Resize", Resized(Inputs[0], OutputShapes[0]), Linear(rule));
                break;
            case UpsampleAddRelu:
                // The two small ones first: then s0's convolution can take their sum and the relu into its store.
                string sum = Inner("Add", "up", [Upsampled(1), Upsampled(2)]);
                Last("Relu", [Inner("Add", "sum", [Inputs[0], sum])]);
                break;
            default:
                throw new ConfigurationException(
                    $"layer '{node.Name}': '{node.Specification.Name}' cannot be written as ONNX; " +
                    "export a graph of layers for inference, without it");
        }
    }

    private void Convolve(Convolution convolution)
    {
        LayerParameters layer = node.Parameters!;
        Size2D k = convolution.Kernel, s = convolution.Stride, p = convolution.Padding, d = convolution.Dilation;
        List<string> inputs =
        [
            Inputs[0],
            model.Tensor(
                layer.Key("weight"), [convolution.OutChannels, convolution.InChannels / convolution.Groups, k.Height, k.Width],
                () => layer.Filter(parameters)),
        ];
        if (layer.HasBias || layer.BatchNorm is not null)
            inputs.Add(model.Tensor($"{layer.Convolution}.bias", [convolution.OutChannels], () => layer.Bias(parameters)!));
        Last("Conv", [.. inputs],
            ("kernel_shape", Both(k)), ("strides", Both(s)), ("pads", Pads(p)), ("dilations", Both(d)), ("group", convolution.Groups));
    }

    private void Normalize(BatchNorm norm)
    {
        string[] names = ["weight", "bias", "running_mean", "running_var"];
        IEnumerable<string> tensors = names.Select(name => node.Parameters!.Key(name))
            .Select(key => model.Tensor(key, [norm.Channels], () => parameters.Read(key)));
        Last("BatchNormalization", [Inputs[0], .. tensors], ("epsilon", (float)BatchNorm.Epsilon));
    }

    /// <summary>x * (0.5 + 0.5 * erf(x / sqrt 2)).</summary>
    private void Gelu()
    {
        string half = model.Constant("half", [], () => [0.5f]);
        string root = model.Constant("half_root", [], () => [0.707106781f]);
        string error = Inner("Erf", "erf", [Inner("Mul", "scaled", [Inputs[0], root])]);
        Last("Mul", [Inputs[0], Inner("Add", "share", [Inner("Mul", "half", [error, half]), half])]);
    }

    /// <summary>(x - mean) / sqrt(mean of the squares of that + eps), means over channels.</summary>
    private void NormalizePixels()
    {
        (string, object)[] overChannels = [("axes", (int[])[1]), ("keepdims", 1)];
        string epsilon = model.Constant("epsilon", [], () => [(float)BatchNorm.Epsilon]);
        string centred = Inner("Sub", "centred", [Inputs[0], Inner("ReduceMean", "mean", [Inputs[0]], overChannels)]);
        string variance = Inner("ReduceMean", "variance", [Inner("Mul", "squares", [centred, centred])], overChannels);
        Last("Div", [centred, Inner("Sqrt", "deviation", [Inner("Add", "sum", [variance, epsilon])])]);
    }

    /// <summary>The norm of each channel where a group's channels are one.</summary>
    private void NormalizeGroups(int groups)
    {
        Shape x = InputShapes[0];
        string joined = Inner("Reshape", "groups", [Inputs[0], model.Extents(new Shape(x.N, groups, x.C / groups * x.H, x.W))]);
        string ones = model.Constant(
            FormattableString.Invariant($"ones_{groups}"), [groups], () => Enumerable.Repeat(1f, groups).ToArray());
        string zeros = model.Constant(FormattableString.Invariant($"zeros_{groups}"), [groups], () => new float[groups]);
        string normalized = Inner("InstanceNormalization", "norm", [joined, ones, zeros], ("epsilon", (float)BatchNorm.Epsilon));
        Last("Reshape", [normalized, model.Extents(x)]);
    }

    private void StripMeans(StripMeans means)
    {
        // Pooling, not reducing: engines that keep channels in blocks can pool without rearranging.
        Shape x = InputShapes[0];
        if (means.OverWidth)
            model.Node("AveragePool", $"{node.Name}.width", Inputs, Outputs[0], ("kernel_shape", (int[])[1, x.W]));
        if (means.OverHeight)
            model.Node("AveragePool", $"{node.Name}.height", Inputs, Outputs[^1], ("kernel_shape", (int[])[x.H, 1]));
    }

    /// <summary>
    /// Where bins are of one size they are a pooling window; otherwise two products with constant matrices, which
    /// every engine has.
    /// </summary>
    private void Average()
    {
        Shape x = InputShapes[0], y = OutputShapes[0];
        if (y is { H: 1, W: 1 })
        {
            Last("GlobalAveragePool", Inputs);
        }
        else if (x.H % y.H == 0 && x.W % y.W == 0)
        {
            int[] window = [x.H / y.H, x.W / y.W];
            Last("AveragePool", Inputs, ("kernel_shape", window), ("strides", window));
        }
        else
        {
            string columns = model.Constant(
                FormattableString.Invariant($"mean_columns_{x.W}_{y.W}"), [x.W, y.W], () => AveragingMatrix.Columns(x.W, y.W));
            string rows = model.Constant(
                FormattableString.Invariant($"mean_rows_{x.H}_{y.H}"), [y.H, x.H], () => AveragingMatrix.Rows(x.H, y.H));
            Last("MatMul", [rows, Inner("MatMul", "columns", [Inputs[0], columns])]);
        }
    }

    private static (string, object)[] Linear(ResizeRule rule) =>
        [("mode", "linear"), ("coordinate_transformation_mode", rule == ResizeRule.HalfPixel ? "half_pixel" : "align_corners")];

    /// <summary>The inputs of Resize: what, no region, no scales, the size.</summary>
    private string[] Resized(string input, Shape size) => [input, "", "", model.Extents(size)];

    /// <summary>An input at the size of the output.</summary>
    private string Upsampled(int input) => InputShapes[input] == OutputShapes[0]
        ? Inputs[input]
        : Inner("Resize", FormattableString.Invariant($"up{input}"),
            Resized(Inputs[input], OutputShapes[0]), Linear(ResizeRule.CornerAligned));

    /// <summary>Adds the node that makes the operator's output.</summary>
    private void Last(string type, string[] inputs, params (string, object)[] attributes) =>
        model.Node(type, node.Name, inputs, Outputs[0], attributes);

    /// <summary>Adds a node for a step on the way and returns what its result is called.</summary>
    private string Inner(string type, string step, string[] inputs, params (string, object)[] attributes)
    {
        string name = model.ValueName($"{node.Name}.{step}");
        model.Node(type, name, inputs, name, attributes);
        return name;
    }

    private static int[] Both(Size2D size) => [size.Height, size.Width];

    /// <summary>The same padding before and behind.</summary>
    private static int[] Pads(Size2D padding) => [padding.Height, padding.Width, padding.Height, padding.Width];
}
