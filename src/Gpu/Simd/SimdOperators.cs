using SpGpu.Gpu.Simd.Winograd;

namespace SpGpu.Gpu.Simd;

/// <summary>The operator set of the CPU.</summary>
internal sealed class SimdOperators(Device device, Team team, bool winograd) : Operators(device), IDisposable
{
    private readonly Device _device = device;
    private readonly ConvolutionScratch[] _scratch = [.. Enumerable.Range(0, team.Size).Select(_ => new ConvolutionScratch(device))];

    private Workspace Workspace => _device.Workspace;

    public void Dispose()
    {
        foreach (ConvolutionScratch scratch in _scratch)
            scratch.Dispose();
    }

    protected override Weights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        specification switch
        {
            Convolution convolution => new ConvolutionWeights(_device, convolution, weight, bias),
            _ => new BatchNormWeights(weight, bias),
        };

    protected override Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, Weights? weights) =>
        specification switch
        {
            Convolution convolution when winograd && WinogradOperation.Pays(convolution, inputs) =>
                WinogradOperation.Prepare(team, _scratch, Workspace, convolution, inputs, (ConvolutionWeights)weights!),
            Convolution convolution => new ConvolutionOperation(team, _scratch, convolution, inputs, (ConvolutionWeights)weights!),
            StripMeans means => new StripMeansOperation(team, means),
            StripGate => new StripGateOperation(team, inputs[0]),
            ExpandAdd expand => new ExpandAddOperation(team, expand),
            UpsampleAddRelu => new UpsampleAddReluOperation(team, inputs),
            AdaptiveAveragePool pool => new AdaptiveAveragePoolOperation(team, pool),
            MaxPool pool => new MaxPoolOperation(team, pool, inputs[0]),
            Bilinear bilinear => new BilinearOperation(team, bilinear, inputs[0]),
            Concat => new ConcatOperation(team, inputs.Length),
            BatchNorm => new BatchNormOperation(team, (BatchNormWeights)weights!),
            Pointwise pointwise => new PointwiseOperation(team, pointwise),
            Softmax => new SoftmaxOperation(team),
            NormalizeRgb normalize => new NormalizeRgbOperation(team, normalize),
            ArgMaxUpsampled argMax => new ArgMaxUpsampledOperation(team, argMax, inputs[0]),
            AccumulateProbabilities accumulate => new AccumulateProbabilitiesOperation(team, accumulate, inputs[0]),
            BatchStatistics => new BatchStatisticsOperation(team, Workspace, inputs[0]),
            BatchNormTransform => new BatchNormTransformOperation(team),
            BatchNormGradient gradient => new BatchNormGradientOperation(team, Workspace, gradient, inputs[0]),
            RunningStatistics running => new RunningStatisticsOperation(team, running),
            StripMeansGradient means => new StripMeansGradientOperation(team, means),
            StripGateGradient => new StripGateGradientOperation(team, inputs[0]),
            ExpandAddGradient expand => new ExpandAddGradientOperation(team, expand, inputs[0]),
            AdaptiveAveragePoolGradient pool => new AdaptiveAveragePoolGradientOperation(team, pool, inputs[0]),
            MaxPoolGradient pool => new MaxPoolGradientOperation(team, pool.Forward, inputs[1]),
            BilinearGradient bilinear => new BilinearGradientOperation(team, bilinear, inputs[0]),
            ChannelSlice slice => new ChannelSliceOperation(team, slice),
            ScaleChannels => new ScaleChannelsOperation(team),
            SoftmaxGradient => new SoftmaxGradientOperation(team),
            CrossEntropy loss => new CrossEntropyOperation(team, loss, inputs),
            CrossEntropyGradient gradient => new CrossEntropyGradientOperation(team, gradient, inputs),
            HardExamples examples => new HardExamplesOperation(team, Workspace, examples, inputs),
            SgdStep step => new SgdStepOperation(team, step),
            TrainableConvolution trainable => new TrainableConvolutionOperation(team, _scratch, Workspace, trainable, inputs),
            ConvolutionInputGradient gradient => new ConvolutionInputGradientOperation(team, _scratch, Workspace, gradient, inputs),
            ConvolutionFilterGradient gradient => new ConvolutionFilterGradientOperation(team, _scratch, Workspace, gradient, inputs),
            ChannelSums => new ChannelSumsOperation(team),
            _ => throw new ShapeException($"the cpu has no operator '{specification.Name}'"),
        };
}
