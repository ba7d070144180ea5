namespace SpGpu.Gpu.Kernels;

/// <summary>The operator set of GPUs, and of ILGPU's CPU accelerator for checks.</summary>
internal sealed class KernelOperators(KernelDevice device) : Operators(device)
{
    protected override Weights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        specification switch
        {
            Convolution convolution => new ConvolutionWeights(device, convolution, weight, bias),
            _ => new BatchNormWeights(device, weight, bias),
        };

    protected override Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, Weights? weights)
    {
        Shape[] outputs = specification.Infer(inputs);
        foreach (Shape shape in (ReadOnlySpan<Shape>)[inputs[0], .. outputs])
        {
            if (shape.N > KernelOperation.MostAlongAxis || shape.C > KernelOperation.MostAlongAxis)
                throw new ShapeException($"{specification.Name}: {shape} has more than {KernelOperation.MostAlongAxis} images or channels, too many for {device.Name}; use cpu");
        }
        foreach (Shape shape in (ReadOnlySpan<Shape>)[.. inputs, .. outputs])
        {
            if (shape.Count > Workspace.MostElements)
                throw new ShapeException($"{specification.Name}: {shape} has more than {Workspace.MostElements} elements, too many for {device.Name}; use cpu");
        }
        return Create(specification, inputs, weights);
    }

    private KernelOperation Create(Specification specification, ReadOnlySpan<Shape> inputs, Weights? weights) => specification switch
    {
        Convolution convolution => new ConvolutionOperation(device, convolution, inputs, (ConvolutionWeights)weights!),
        StripMeans means => new StripMeansOperation(device, means, inputs[0]),
        StripGate => new StripGateOperation(device),
        ExpandAdd expand => new ExpandAddOperation(device, expand),
        UpsampleAddRelu => new UpsampleAddReluOperation(device),
        AdaptiveAveragePool pool => new AdaptiveAveragePoolOperation(device, pool, inputs[0]),
        MaxPool pool => new MaxPoolOperation(device, pool),
        Bilinear => new BilinearOperation(device),
        Concat => new ConcatOperation(device),
        Softmax => new SoftmaxOperation(device),
        NormalizeRgb normalize => new NormalizeRgbOperation(device, normalize),
        ArgMaxUpsampled => new ArgMaxUpsampledOperation(device),
        AccumulateProbabilities accumulate => new AccumulateProbabilitiesOperation(device, accumulate),
        BatchNorm => new BatchNormOperation(device, (BatchNormWeights)weights!),
        Pointwise { Kind: PointwiseKind.Copy } => new UnaryMap<Same>(device, specification.Name),
        Pointwise { Kind: PointwiseKind.Relu } => new UnaryMap<Rectified>(device, specification.Name),
        Pointwise { Kind: PointwiseKind.Sigmoid } => new UnaryMap<Logistic>(device, specification.Name),
        Pointwise { Kind: PointwiseKind.Add } => new BinaryMap<Sum>(device, specification.Name),
        TrainableConvolution convolution => new TensorConvolutionOperation(device, convolution, inputs),
        ConvolutionInputGradient gradient => new TensorConvolutionOperation(device, gradient, inputs),
        ConvolutionFilterGradient gradient => new FilterGradientOperation(device, gradient, inputs),
        ChannelSums => new ChannelSumsOperation(device, inputs[0]),
        Pointwise { Kind: PointwiseKind.Multiply } => new BinaryMap<Product>(device, specification.Name),
        Pointwise { Kind: PointwiseKind.ReluGradient } => new BinaryMap<RectifiedGradient>(device, specification.Name),
        Pointwise { Kind: PointwiseKind.SigmoidGradient } => new BinaryMap<LogisticGradient>(device, specification.Name),
        BatchStatistics => new BatchStatisticsOperation(device, inputs[0]),
        BatchNormTransform => new BatchNormTransformOperation(device),
        BatchNormGradient gradient => new BatchNormGradientOperation(device, gradient, inputs[0]),
        RunningStatistics running => new RunningStatisticsOperation(device, running),
        StripMeansGradient gradient => new StripMeansGradientOperation(device, gradient),
        StripGateGradient => new StripGateGradientOperation(device, inputs[0]),
        ExpandAddGradient { Relu: true } => new ExpandAddGradientOperation<StripTerms.Rectified>(device, specification.Name, inputs[0]),
        ExpandAddGradient => new ExpandAddGradientOperation<StripTerms.Plain>(device, specification.Name, inputs[0]),
        AdaptiveAveragePoolGradient gradient => new AdaptiveAveragePoolGradientOperation(device, gradient, inputs[0]),
        MaxPoolGradient gradient => new MaxPoolGradientOperation(device, gradient, inputs[0]),
        BilinearGradient gradient => new BilinearGradientOperation(device, gradient),
        SoftmaxGradient => new SoftmaxGradientOperation(device),
        ChannelSlice slice => new ChannelSliceOperation(device, slice),
        ScaleChannels => new ScaleChannelsOperation(device),
        CrossEntropy loss => new CrossEntropyOperation(device, loss, inputs[1]),
        CrossEntropyGradient gradient => new CrossEntropyGradientOperation(device, gradient, inputs),
        HardExamples examples => new HardExamplesOperation(device, examples, inputs[1]),
        SgdStep step => new SgdStepOperation(device, step),
        _ => throw new ShapeException($"{device.Name} has no operator '{specification.Name}'"),
    };
}
