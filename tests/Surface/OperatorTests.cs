using SpGpu.Checks;
using SpGpu.Gpu;

namespace SpGpu.Surface.Tests;

/// <summary>Every operator as its users write it, on the processor against its formula in double precision.</summary>
public sealed class OperatorTests
{
    private static readonly Shape _x = new(2, 3, 5, 7), _logits = new(2, 3, 3, 4), _labels = new(2, 1, 5, 7);
    private static readonly Shape _row = new(2, 3, 1, 7), _column = new(2, 3, 5, 1);
    private static readonly Shape _channels = new(1, 3, 1, 1), _factors = new(2, 3, 1, 1), _scalar = new(1, 1, 1, 1);
    private static readonly Convolution _conv = new(3, 4, Kernel: 3, Stride: 1, Padding: 1, Dilation: 1);
    private static readonly Shape _filter = new(4, 3, 3, 3), _y = new(2, 4, 5, 7), _pooled = new(2, 3, 3, 4);
    private static readonly MaxPool _pool = new(Kernel: 3, Stride: 2, Padding: 1);

    private static readonly OperatorCase[] _cases =
    [
        Of(_conv, _x),
        Of(_conv with { Epilogue = Epilogue.Residual | Epilogue.Relu }, _x, _y),
        Of(_conv with { Epilogue = Epilogue.Sigmoid | Epilogue.Multiply, ExpandAddRelu = true }, _column, _row, _y),
        Of(_conv with { OutChannels = 6, Groups = 3 }, _x),
        Of(new TrainableConvolution(_conv, HasBias: false), _x, _filter),
        Of(new ConvolutionInputGradient(_conv, Plane: (5, 7)), _y, _filter),
        Of(new ConvolutionFilterGradient(_conv), _y, _x),
        Of(new ChannelSums(), _x),
        Of(new StripMeans(), _x),
        Of(new StripMeansGradient(Plane: (5, 7)), _column, _row),
        Of(new StripGate(), _x, _column, _row),
        Of(new StripGateGradient(), _x, _x, _column, _row),
        Of(new ExpandAdd(Relu: true), _column, _row),
        Of(new ExpandAddGradient(Relu: false), _x),
        Of(_pool, _x),
        Of(new MaxPoolGradient(_pool), _pooled, _x),
        Of(new AveragePool(Kernel: 3, Stride: 2, Padding: 1), _x),
        Of(new AveragePoolGradient(new AveragePool(Kernel: 3, Stride: 2, Padding: 1), Plane: (_x.H, _x.W)), _pooled),
        Of(new AdaptiveAveragePool(Output: 3), _x),
        Of(new AdaptiveAveragePoolGradient(Plane: (5, 7)), _pooled with { H = 3, W = 3 }),
        Of(new Bilinear(Output: (9, 4)), _x),
        Of(new BilinearGradient(Plane: (5, 7)), new Shape(2, 3, 9, 4)),
        Of(new Bilinear(Output: (9, 4), Rule: ResizeRule.HalfPixel), _x),
        Of(new UpsampleAddRelu(), _x, _pooled, _logits),
        Of(new AddInterpolated(), _logits, new Shape(1, 1, 5, 3), new Shape(1, 1, 7, 3)),
        Of(new BatchNorm(Channels: 3), _x),
        Of(new BatchStatistics(), _x),
        Of(new RunningStatistics(Count: 70), _channels, _channels),
        Of(new BatchNormTransform(), _x, _channels, _channels, _channels, _channels),
        Of(new BatchNormGradient(Frozen: false), _x, _x, _channels, _channels, _channels),
        Of(new LayerNorm(), _x),
        Of(new GroupNorm(Groups: 2), _y),
        Of(new MatrixDecomposition(Rank: 2, Steps: 3, Seed: 1), _x),
        Of(new LayerNormGradient(), _x, _x),
        Of(new GroupNormGradient(new GroupNorm(Groups: 2)), _y, _y),
        Of(new MatrixDecompositionGradient(new MatrixDecomposition(Rank: 2, Steps: 3, Seed: 1)), _x, _x),
        Of(new Pointwise(PointwiseKind.Sigmoid), _x),
        Of(new ScaleChannels(), _x, _factors),
        Of(new Concat(), _x, _y),
        Of(new ChannelSlice(First: 1, Count: 2), _x),
        Of(new Softmax(), _x),
        Of(new SoftmaxGradient(), _x, _x),
        Of(new CrossEntropy(), _logits, _labels),
        Of(new CrossEntropyGradient(new CrossEntropy(), Factor: 0.4f), _logits, _labels, _scalar with { W = 2 }, _labels),
        Of(new HardExamples(Threshold: 0.2f, MinKept: 0), _logits, _labels, _labels),
        Of(new SgdStep(Length: 7, Momentum: 0.9f, WeightDecay: 1e-4f), _scalar),
        Of(new AdamStep(Length: 7, Beta1: 0.9f, Beta2: 0.999f, Epsilon: 1e-8f, WeightDecay: 1e-4f), _scalar with { W = 2 }),
        Of(new MovingAverage(), _scalar, _scalar with { W = 7 }),
        Of(new NormalizeRgb(ColourStatistics.ImageNet), _x),
        Of(new ArgMaxUpsampled(Output: (5, 7)), _logits),
        Of(new AccumulateProbabilities(Window: (4, 5), Map: (6, 7)), _logits with { N = 1 }) with { Origin = (1, 2) },
        // Where tensors lie and what they hold is up to who checks.
        Of(_pool, _x) with { InputPlacement = Placement.Slice, OutputPlacement = Placement.Misaligned, Content = Content.NaN },
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, _cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Computes_its_formula(int index)
    {
        using var device = Device.Open("cpu");
        CheckResult result = OperatorCheck.Run(device, _cases[index]);
        Assert.True(result.Passed, $"{result.Case}: {result.Message}");
        Assert.InRange(result.Error, 0, result.Tolerance);
    }

    [Fact]
    public void The_cases_of_the_project_can_be_run_by_anyone()
    {
        OperatorCase gate = OperatorCases.UpTo(CaseSize.Tiny).First(@case => @case.Specification is StripGate);
        Assert.Contains(gate, OperatorCases.All);
        using var device = Device.Open("cpu", new() { Threads = 1 });
        using var prepared = new PreparedCase(device, gate);
        prepared.Run();
        Assert.Equal("strip gate simd", prepared.Operation.Variant);
    }

    private static OperatorCase Of(Specification specification, params Shape[] inputs) => new(specification, [.. inputs], CaseSize.Tiny);
}
