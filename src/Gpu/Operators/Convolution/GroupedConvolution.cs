namespace SpGpu.Gpu;

/// <summary>
/// A convolution in groups, or one of its gradients, as one without groups for each group: on slices of the tensors'
/// channels, and of a filter's rows, which lie in their blocks as they are.
/// </summary>
internal sealed class GroupedConvolution : Operation
{
    private readonly Operation[] _groups;
    private readonly int _count;
    private readonly int _filter = -1;
    private readonly bool _makesFilter;
    private readonly Tensor[] _inputs;
    private readonly Tensor[] _outputs = new Tensor[1];

    public GroupedConvolution(Device device, Convolution convolution, ReadOnlySpan<Shape> inputs, GroupedWeights weights)
    {
        _count = convolution.Groups;
        _inputs = new Tensor[inputs.Length];
        Shape[] slices = Slices(inputs);
        Convolution one = convolution.OfOneGroup;
        _groups = [.. Enumerable.Range(0, _count).Select(g => device.Operators.Prepare(one, slices, weights[g]))];
    }

    public GroupedConvolution(Device device, TrainableConvolution convolution, ReadOnlySpan<Shape> inputs)
    {
        (_count, _filter) = (convolution.Forward.Groups, 1);
        _inputs = new Tensor[inputs.Length];
        _groups = Same(device, convolution with { Forward = convolution.Forward.OfOneGroup }, inputs);
    }

    public GroupedConvolution(Device device, ConvolutionInputGradient gradient, ReadOnlySpan<Shape> inputs)
    {
        (_count, _filter) = (gradient.Forward.Groups, 1);
        _inputs = new Tensor[inputs.Length];
        _groups = Same(device, gradient with { Forward = gradient.Forward.OfOneGroup }, inputs);
    }

    public GroupedConvolution(Device device, ConvolutionFilterGradient gradient, ReadOnlySpan<Shape> inputs)
    {
        (_count, _makesFilter) = (gradient.Forward.Groups, true);
        _inputs = new Tensor[inputs.Length];
        _groups = Same(device, gradient with { Forward = gradient.Forward.OfOneGroup }, inputs);
    }

    public override string Variant => FormattableString.Invariant($"{_count} groups of {_groups[0].Variant}");

    private protected override void Enqueue(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        for (int g = 0; g < _count; g++)
        {
            for (int i = 0; i < inputs.Length; i++)
                _inputs[i] = Slice(inputs[i], g, i == _filter);
            _outputs[0] = Slice(outputs[0], g, _makesFilter);
            // They run one after the other, so one place in the workspace serves all.
            _groups[g].WorkspaceOffset = WorkspaceOffset;
            _groups[g].Run(_inputs, _outputs);
        }
    }

    /// <summary>One operation that runs for each group, as it has no parameters of its own.</summary>
    private Operation[] Same(Device device, Specification one, ReadOnlySpan<Shape> inputs)
    {
        var groups = new Operation[_count];
        Array.Fill(groups, device.Operators.Prepare(one, Slices(inputs)));
        return groups;
    }

    private Shape[] Slices(ReadOnlySpan<Shape> inputs)
    {
        var slices = new Shape[inputs.Length];
        for (int i = 0; i < slices.Length; i++)
            slices[i] = Slice(inputs[i], i == _filter);
        return slices;
    }

    private Shape Slice(Shape shape, bool isFilter) =>
        isFilter ? shape with { N = shape.N / _count } : shape with { C = shape.C / _count };

    private Tensor Slice(in Tensor tensor, int group, bool isFilter)
    {
        Shape shape = Slice(tensor.Shape, isFilter);
        int step = isFilter ? shape.N * tensor.BatchStride : (int)shape.ImageLength;
        return tensor with { Offset = tensor.Offset + group * step, Shape = shape };
    }
}
