using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>
/// Writes the gradients of a graph's nodes on a tape, from the last to the first. The gradient of a value is the sum of
/// what its readers contribute, in the reverse order of the nodes.
/// </summary>
internal sealed class BackwardPass(Tape tape, ForwardPass forward, ParameterValues parameters, HashSet<Value> wanted)
{
    private readonly Dictionary<Value, Value> _gradients = [];
    private readonly Dictionary<Value, Value> _again = [];

    /// <summary>The gradient of a value so far; null if nothing depends on it.</summary>
    public Value? Gradient(Value value) => _gradients.GetValueOrDefault(value);

    /// <summary>Adds to the gradient of a value, if it is wanted.</summary>
    public void Contribute(Value value, Value gradient)
    {
        if (!wanted.Contains(value))
            return;
        _gradients[value] = _gradients.TryGetValue(value, out Value? other)
            ? tape.Single($"{value.Name} gradients", new Pointwise(PointwiseKind.Add), other, gradient)
            : gradient;
    }

    /// <summary>Computes nodes a second time; from then on gradients read what these make.</summary>
    public void Recompute(IEnumerable<Node> nodes, IReadOnlySet<Value> kept)
    {
        foreach (Node node in nodes)
        {
            Value[] outputs = forward.WriteAgain(node, Read);
            foreach ((Value first, Value second) in node.Outputs.Zip(outputs))
            {
                if (!kept.Contains(first))
                    _again[first] = second;
            }
        }
    }

    /// <summary>Writes the gradients of a node's inputs and parameters.</summary>
    public void Write(Node node)
    {
        if (!node.Outputs.Any(_gradients.ContainsKey))
            return;
        Value x = node.Inputs[0];
        // Every operator but the strip means has one output.
        Value dy = Gradient(node.Outputs[0]) ?? x;
        Value y = Read(node.Outputs[0]);
        switch (node.Specification)
        {
            case Convolution convolution:
                Convolve(node, convolution, dy);
                break;
            case BatchNorm:
                Normalize(node, dy);
                break;
            case LayerNorm:
                Contribute(x, tape.Single(Name(node), new LayerNormGradient(), dy, Read(x)));
                break;
            case GroupNorm norm:
                Contribute(x, tape.Single(Name(node), new GroupNormGradient(norm), dy, Read(x)));
                break;
            case MatrixDecomposition decomposition:
                Contribute(x, tape.Single(Name(node), new MatrixDecompositionGradient(decomposition), dy, Read(x)));
                break;
            case Dropout2d:
                Contribute(x, tape.Single(Name(node), new ScaleChannels(), dy, forward.Masks[node]));
                break;
            case StripMeans means:
                Contribute(x, StripMeans(node, means));
                break;
            case StripGate:
                ContributeAll(node, tape.Add(Name(node), new StripGateGradient(), [dy, .. node.Inputs.Select(Read)]));
                break;
            case ExpandAdd { Relu: var relu }:
                ContributeAll(node, tape.Add(Name(node), new ExpandAddGradient(relu), relu ? [dy, .. node.Inputs.Select(Read)] : [dy]));
                break;
            case UpsampleAddRelu:
                Value sum = tape.Single(Name(node), new Pointwise(PointwiseKind.ReluGradient), dy, y);
                Contribute(x, sum);
                foreach (Value small in node.Inputs[1..])
                    Contribute(small, tape.Single(Name(node), new BilinearGradient(Plane(small)), sum));
                break;
            case AdaptiveAveragePool:
                Contribute(x, tape.Single(Name(node), new AdaptiveAveragePoolGradient(Plane(x)), dy));
                break;
            case AveragePool average:
                Contribute(x, tape.Single(Name(node), new AveragePoolGradient(average, Plane(x)), dy));
                break;
            case MaxPool pool:
                Contribute(x, tape.Single(Name(node), new MaxPoolGradient(pool), dy, Read(x)));
                break;
            case Bilinear { Rule: var rule }:
                Contribute(x, tape.Single(Name(node), new BilinearGradient(Plane(x), rule), dy));
                break;
            case Concat:
                Split(node, dy);
                break;
            case Softmax:
                Contribute(x, tape.Single(Name(node), new SoftmaxGradient(), dy, y));
                break;
            case Pointwise { Kind: PointwiseKind.Copy or PointwiseKind.Add }:
                foreach (Value input in node.Inputs)
                    Contribute(input, dy);
                break;
            case Pointwise { Kind: PointwiseKind.Multiply }:
                Contribute(x, tape.Single(Name(node), node.Specification, dy, Read(node.Inputs[1])));
                Contribute(node.Inputs[1], tape.Single(Name(node), node.Specification, dy, Read(x)));
                break;
            case Pointwise { Kind: PointwiseKind.Relu }:
                Contribute(x, tape.Single(Name(node), new Pointwise(PointwiseKind.ReluGradient), dy, y));
                break;
            case Pointwise { Kind: PointwiseKind.Sigmoid }:
                Contribute(x, tape.Single(Name(node), new Pointwise(PointwiseKind.SigmoidGradient), dy, y));
                break;
            case Pointwise { Kind: PointwiseKind.Gelu }:
                Contribute(x, tape.Single(Name(node), new Pointwise(PointwiseKind.GeluGradient), dy, Read(x)));
                break;
            default:
                throw new ShapeException($"layer '{node.Name}': {node.Specification.Name} has no gradient, so it cannot be trained");
        }
    }

    private void Convolve(Node node, Convolution convolution, Value dy)
    {
        Value x = node.Inputs[0];
        string weight = node.Parameters!.Key("weight");
        tape.AddInto(Name(node, "filter"), new ConvolutionFilterGradient(convolution), [dy, Read(x)], [parameters.Gradient(weight)]);
        if (node.Parameters.HasBias)
            tape.AddInto(Name(node, "bias"), new ChannelSums(), [dy], [parameters.Gradient(node.Parameters.Key("bias"))]);
        if (wanted.Contains(x))
            Contribute(x, tape.Single(Name(node), new ConvolutionInputGradient(convolution, Plane(x)), dy, parameters[weight]));
    }

    private void Normalize(Node node, Value dy)
    {
        (Value mean, Value variance) = forward.Statistics(node);
        Value x = node.Inputs[0];
        LayerParameters keys = node.Parameters!;
        Value gamma = parameters[keys.Key("weight")];
        Value[] sums = [parameters.Gradient(keys.Key("weight")), parameters.Gradient(keys.Key("bias"))];
        Value dx = tape.Input(Name(node), tape.ShapeOf(x));
        if (forward.Group is not { } group)
        {
            tape.AddInto(Name(node), new BatchNormGradient(forward.FrozenStatistics), [dy, Read(x), mean, variance, gamma], [dx, .. sums]);
            Contribute(x, dx);
            return;
        }
        Value[] own = tape.Add(Name(node), new Zeros(), gamma, gamma);
        tape.AddInto(Name(node), new BatchNormGradient(Frozen: true), [dy, Read(x), mean, variance, gamma], [dx, .. own]);
        Shape shape = tape.ShapeOf(x);
        Value factor = tape.Input(Name(node), tape.ShapeOf(gamma)), offset = tape.Input(Name(node), tape.ShapeOf(gamma));
        tape.AddInto(Name(node), new GroupNormSums(group, checked(shape.N * shape.Plane)), [.. own, variance, gamma],
            [factor, offset, .. sums]);
        Value rest = tape.Single(Name(node), new BatchNormTransform(), Read(x), mean, variance, factor, offset);
        Contribute(x, tape.Single(Name(node), new Pointwise(PointwiseKind.Add), dx, rest));
    }

    private Value StripMeans(Node node, StripMeans means)
    {
        Value? overWidth = means.OverWidth ? Gradient(node.Outputs[0]) : null;
        Value? overHeight = means.OverHeight ? Gradient(node.Outputs[^1]) : null;
        Value[] given = [.. new[] { overWidth, overHeight }.OfType<Value>()];
        return tape.Single(Name(node), new StripMeansGradient(Plane(node.Inputs[0]), overWidth is not null, overHeight is not null), given);
    }

    private void Split(Node node, Value dy)
    {
        int first = 0;
        foreach (Value input in node.Inputs)
        {
            if (wanted.Contains(input))
                Contribute(input, tape.Single(Name(node), new ChannelSlice(first, input.Channels), dy));
            first += input.Channels;
        }
    }

    private void ContributeAll(Node node, Value[] gradients)
    {
        foreach ((Value input, Value gradient) in node.Inputs.Zip(gradients))
            Contribute(input, gradient);
    }

    private Value Read(Value value) => _again.GetValueOrDefault(value, value);

    private Size2D Plane(Value value) => (tape.ShapeOf(value).H, tape.ShapeOf(value).W);

    private static string Name(Node node, string of = "") => of.Length == 0 ? $"{node.Name} gradient" : $"{node.Name} {of} gradient";
}
