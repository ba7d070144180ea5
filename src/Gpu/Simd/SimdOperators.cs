namespace SpGpu.Gpu.Simd;

/// <summary>The operator set of the CPU.</summary>
internal sealed class SimdOperators(Team team) : Operators, IDisposable
{
    private readonly ConvolutionScratch[] _scratch = [.. Enumerable.Range(0, team.Size).Select(_ => new ConvolutionScratch())];

    /// <summary>Intermediate results of operators.</summary>
    public Workspace Workspace { get; } = new(length => new SimdMemory(length));

    public void Dispose()
    {
        Workspace.Dispose();
        foreach (ConvolutionScratch scratch in _scratch)
            scratch.Dispose();
    }

    protected override Weights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        specification switch
        {
            Convolution convolution => ConvolutionWeights.Pack(convolution, weight, bias),
            _ => new BatchNormWeights(weight, bias),
        };

    protected override Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, Weights? weights) =>
        specification switch
        {
            Convolution convolution => new ConvolutionOperation(team, _scratch, convolution, inputs, (ConvolutionWeights)weights!),
            StripMeans means => new StripMeansOperation(team, means),
            StripGate => new StripGateOperation(team),
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
            TrainableConvolution trainable => new TrainableConvolutionOperation(team, _scratch, Workspace, trainable, inputs),
            ConvolutionInputGradient gradient => new ConvolutionInputGradientOperation(team, _scratch, Workspace, gradient, inputs),
            ConvolutionFilterGradient gradient => new ConvolutionFilterGradientOperation(team, _scratch, Workspace, gradient, inputs),
            ChannelSums => new ChannelSumsOperation(team),
            _ => throw new ShapeException($"the cpu has no operator '{specification.Name}'"),
        };
}
