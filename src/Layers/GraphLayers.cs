using SpGpu.Gpu;

namespace SpGpu.Layers;

/// <summary>
/// The basic layers. Names are state-dict prefixes: a layer "stem" owns "stem.weight" and so on. Values are N,C,H,W; where
/// nothing else is said, a result has the shape of x. A layer that cannot take what it is given throws a
/// <see cref="ShapeException"/> that names it, at the latest when H and W are bound.
/// </summary>
public static class GraphLayers
{
    /// <summary>
    /// A convolution (PyTorch's Conv2d, groups 1): N,C,H,W to N,channels,H',W' with
    /// H' = (H + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1, rounded down; see <see cref="Convolution"/>.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">N,C,H,W.</param>
    /// <param name="name">The prefix of weight (channels,C/groups,kernel) and bias (channels).</param>
    /// <param name="channels">Channels of the result.</param>
    /// <param name="kernel">Its size: one number, or (rows, columns).</param>
    /// <param name="stride">1 where nothing is given.</param>
    /// <param name="padding">Zeros on each side; 0 where nothing is given.</param>
    /// <param name="dilation">1 where nothing is given.</param>
    /// <param name="bias">Whether it has one.</param>
    /// <param name="groups">
    /// Groups of channels that are convolved each by itself; a divisor of C and channels. C groups are a depthwise convolution.
    /// </param>
    public static Value Conv(
        this Graph graph, Value x, string name, int channels, Size2D kernel,
        Size2D? stride = null, Size2D? padding = null, Size2D? dilation = null, bool bias = true, int groups = 1)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(x);
        var convolution = new Convolution(x.Channels, channels, kernel, stride ?? 1, padding ?? 0, dilation ?? 1) { Groups = groups };
        return graph.Add(new Node(name, convolution, [x], []) { Parameters = new LayerParameters(name, bias, null) })[0];
    }

    /// <summary>
    /// Batch norm (PyTorch's BatchNorm2d, eps 1e-5): of the running statistics at inference, of the batch's own in training
    /// unless they are frozen.
    /// </summary>
    public static Value BatchNorm(this Graph graph, Value x, string name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(x);
        return graph.Add(new Node(name, new BatchNorm(x.Channels), [x], []) { Parameters = new LayerParameters(null, false, name) })[0];
    }

    /// <summary>
    /// A convolution without bias, called name.0, and its batch norm, called name.1 (a PyTorch Sequential); padding
    /// keeps the size at stride 1.
    /// </summary>
    public static Value ConvBn(
        this Graph graph, Value x, string name, int channels, Size2D kernel, Size2D? stride = null, Size2D? dilation = null, int groups = 1)
    {
        Size2D d = dilation ?? 1;
        var padding = new Size2D(d.Height * (kernel.Height - 1) / 2, d.Width * (kernel.Width - 1) / 2);
        return graph.BatchNorm(graph.Conv(x, $"{name}.0", channels, kernel, stride, padding, d, bias: false, groups), $"{name}.1");
    }

    /// <summary><see cref="ConvBn"/> and relu.</summary>
    public static Value ConvBnRelu(
        this Graph graph, Value x, string name, int channels, Size2D kernel, Size2D? stride = null, Size2D? dilation = null,
        int groups = 1) =>
        graph.Relu(graph.ConvBn(x, name, channels, kernel, stride, dilation, groups));

    /// <summary>max(x, 0).</summary>
    public static Value Relu(this Graph graph, Value x) => graph.Unary(new Pointwise(PointwiseKind.Relu), x, "relu");

    /// <summary>1 / (1 + e^-x).</summary>
    public static Value Sigmoid(this Graph graph, Value x) => graph.Unary(new Pointwise(PointwiseKind.Sigmoid), x, "sigmoid");

    /// <summary>PyTorch's GELU, the exact one: x times the share of a standard normal distribution below x.</summary>
    public static Value Gelu(this Graph graph, Value x) => graph.Unary(new Pointwise(PointwiseKind.Gelu), x, "gelu");

    /// <summary>Softmax over channels.</summary>
    public static Value Softmax(this Graph graph, Value x) => graph.Unary(new Softmax(), x, "softmax");

    /// <summary>Max pool with padding of minus infinity: N,C,H,W to N,C,H',W' as for <see cref="Conv"/>.</summary>
    public static Value MaxPool(this Graph graph, Value x, int kernel, int stride, int padding) =>
        graph.Unary(new MaxPool(kernel, stride, padding), x, "maxpool");

    /// <summary>Average pool whose padding of zeros counts (PyTorch's AvgPool2d): N,C,H,W to N,C,H',W' as for <see cref="Conv"/>.</summary>
    public static Value AveragePool(this Graph graph, Value x, int kernel, int stride, int padding) =>
        graph.Unary(new AveragePool(kernel, stride, padding), x, "avgpool");

    /// <summary>Adaptive average pool to a plane of the given size: N,C,H,W to N,C,size.</summary>
    public static Value AdaptiveAveragePool(this Graph graph, Value x, Size2D size) =>
        graph.Unary(new AdaptiveAveragePool(size), x, "pool");

    /// <summary>Dropout of whole channels: nothing at inference. The probability is 0 to below 1.</summary>
    public static Value Dropout2d(this Graph graph, Value x, double probability) => graph.Unary(new Dropout2d(probability), x, "dropout");

    /// <summary>Both strip means of x: over W (N,C,H,1) and over H (N,C,1,W).</summary>
    public static (Value OverWidth, Value OverHeight) StripMeans(this Graph graph, Value x)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(x);
        Value[] means = graph.Add(new Node($"{x.Name}.strips", new StripMeans(), [x], []));
        return (means[0], means[1]);
    }

    /// <summary>relu(expand(column) + expand(row)) of a column N,C,H,1 and a row N,C,1,W: N,C,H,W.</summary>
    public static Value ExpandAddRelu(this Graph graph, Value column, Value row)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(column);
        return graph.Apply(new ExpandAdd(Relu: true), $"{column.Name}.expand", column, row);
    }

    /// <summary>x * sigmoid(expand(column) + expand(row)) of N,C,H,W, a column N,C,H,1 and a row N,C,1,W.</summary>
    public static Value StripGate(this Graph graph, Value x, Value column, Value row)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(x);
        return graph.Apply(new StripGate(), $"{x.Name}.gate", x, column, row);
    }

    /// <summary>relu(s0 + up(s1) + up(s2)), up with aligned corners to the size of s0, N,C,H,W.</summary>
    public static Value UpsampleAddRelu(this Graph graph, Value s0, Value s1, Value s2)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(s0);
        return graph.Apply(new UpsampleAddRelu(), $"{s0.Name}.merge", s0, s1, s2);
    }

    /// <summary>Bilinear interpolation to the size of another value.</summary>
    public static Value UpsampleLike(this Graph graph, Value x, Value sizeOf, ResizeRule rule = ResizeRule.CornerAligned)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(x);
        return graph.Add(new Node($"{x.Name}.up", new Bilinear(1, rule), [x], []) { SizeOf = sizeOf })[0];
    }

    /// <summary>Bilinear interpolation to a given size.</summary>
    public static Value Upsample(this Graph graph, Value x, Size2D size, ResizeRule rule = ResizeRule.CornerAligned) =>
        graph.Unary(new Bilinear(size, rule), x, "up");

    /// <summary>Joins values N,Ci,H,W along channels.</summary>
    public static Value Concat(this Graph graph, params ReadOnlySpan<Value> values)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Apply(new Concat(), values.IsEmpty ? "concat" : $"{values[0].Name}.concat", values);
    }

    /// <summary>A depthwise 1x1 convolution whose filter is a vector in the state dict.</summary>
    internal static Value ChannelFactors(this Graph graph, Value x, string name, string factors, bool bias)
    {
        ArgumentNullException.ThrowIfNull(x);
        var convolution = new Convolution(x.Channels, x.Channels, 1, 1, 0, 1) { Groups = x.Channels };
        var parameters = new LayerParameters(name, bias, null) { Factors = factors };
        return graph.Add(new Node(name, convolution, [x], []) { Parameters = parameters })[0];
    }

    private static Value Unary(this Graph graph, Specification specification, Value x, string suffix)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(x);
        return graph.Apply(specification, $"{x.Name}.{suffix}", x);
    }
}
