using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>Every specification refuses what its operator cannot do, and says what is wrong.</summary>
public class SpecificationTests(DeviceFixture fixture)
{
    private static readonly Shape _x = new(1, 3, 8, 9);
    private static readonly Shape _y = new(1, 4, 8, 9);
    private static readonly Shape _filter = new(4, 3, 3, 3);
    private static readonly Shape _channels = new(1, 3, 1, 1);
    private static readonly Shape _map = new(1, 1, 16, 18);
    private static readonly Convolution _conv = new(3, 4, 3, 1, 1, 1);

    /// <summary>What the message says; what throws it.</summary>
    public static TheoryData<string, Func<Shape[]>> Errors => new()
    {
        { "convolution 3x3 takes 1 input(s), 2 given", () => _conv.Infer([_x, _x]) },
        { "an input of convolution 3x3 has shape 1x3x0x9", () => _conv.Infer([_x with { H = 0 }]) },
        { "more than 2^31 - 1 elements", () => new Softmax().Infer([new(3, 1024, 1024, 1024)]) },
        { "2 groups do not divide channels 3 -> 4; use a number that divides both", () => (_conv with { Groups = 2 }).Infer([_x]) },
        { "0 groups do not divide", () => (_conv with { Groups = 0 }).Infer([_x]) },
        { "with groups nothing is expanded on load; use expand-add-relu before it", () =>
            (_conv with { OutChannels = 3, Groups = 3, ExpandAddRelu = true }).Infer([_x with { W = 1 }, _x with { H = 1 }]) },
        { "the filter has shape 3x3x3x3, 3x1x3x3 is needed", () =>
            new TrainableConvolution(_conv with { OutChannels = 3, Groups = 3 }, HasBias: false).Infer([_x, new(3, 3, 3, 3)]) },
        { "an epilogue is relu or sigmoid, not both", () => (_conv with { Epilogue = Epilogue.Relu | Epilogue.Sigmoid }).Infer([_x]) },
        { "channels 0 -> 4", () => (_conv with { InChannels = 0 }).Infer([_x]) },
        { "channels 3 -> 0", () => (_conv with { OutChannels = 0 }).Infer([_x]) },
        { "kernel 3x0", () => (_conv with { Kernel = (3, 0) }).Infer([_x]) },
        { "stride 0x1", () => (_conv with { Stride = (0, 1) }).Infer([_x]) },
        { "dilation 1x0", () => (_conv with { Dilation = (1, 0) }).Infer([_x]) },
        { "padding -1x0 not negative", () => (_conv with { Padding = (-1, 0) }).Infer([_x]) },
        { "takes 3 channels, its input has 5", () => _conv.Infer([_x with { C = 5 }]) },
        { "is smaller than the kernel", () => (_conv with { Padding = 0, Dilation = 4 }).Infer([_x]) },
        { "the residual has shape 1x3x8x9, 1x4x8x9 is needed", () => (_conv with { Epilogue = Epilogue.Residual }).Infer([_x, _x]) },
        { "the multiplier has shape 1x3x8x9", () => (_conv with { Epilogue = Epilogue.Multiply }).Infer([_x, _x]) },
        { "a column N,C,H,1 and a row N,C,1,W are needed", () => (_conv with { ExpandAddRelu = true }).Infer([_x, _x]) },
        { "takes 2 input(s), 1 given", () => (_conv with { ExpandAddRelu = true }).Infer([_x]) },
        { "at least one of the two means", () => new StripMeans(false, false).Infer([_x]) },
        { "a column N,C,H,1", () => new ExpandAdd(true).Infer([_x with { W = 2 }, _x with { H = 1 }]) },
        { "a column N,C,H,1", () => new ExpandAdd(true).Infer([_x with { W = 1 }, _x with { H = 2 }]) },
        { "a column N,C,H,1", () => new ExpandAdd(true).Infer([_x with { W = 1, N = 2 }, _x with { H = 1 }]) },
        { "a column N,C,H,1", () => new ExpandAdd(true).Infer([_x with { W = 1, C = 2 }, _x with { H = 1 }]) },
        { "the expanded gate has shape 1x3x7x9", () => new StripGate().Infer([_x, _x with { W = 1, H = 7 }, _x with { H = 1 }]) },
        { "differ in images or channels", () => new UpsampleAddRelu().Infer([_x, _x with { N = 2 }, _x]) },
        { "differ in images or channels", () => new UpsampleAddRelu().Infer([_x, _x, _x with { C = 2 }]) },
        { "an output of 0x4 is empty", () => new AdaptiveAveragePool((0, 4)).Infer([_x]) },
        { "stride 0 must be positive", () => new MaxPool(3, 0, 1).Infer([_x]) },
        { "padding 2 at most half the kernel", () => new MaxPool(3, 2, 2).Infer([_x]) },
        { "stride 0 must be positive", () => new AveragePool(3, 0, 1).Infer([_x]) },
        { "padding 2 at most half the kernel", () => new AveragePool(3, 2, 2).Infer([_x]) },
        { "average pool 11x11: an input of", () => new AveragePool(11, 2, 1).Infer([_x]) },
        { "is smaller than the window", () => new MaxPool(11, 2, 1).Infer([_x]) },
        { "an output of 4x0 is empty", () => new Bilinear((4, 0)).Infer([_x]) },
        { "concat takes at least one input", () => new Concat().Infer([]) },
        { "an input has shape 1x3x8x8, 1x3x8x9 is needed", () => new Concat().Infer([_x, _x with { W = 8 }]) },
        { "for 4 channels, its input has 3", () => new BatchNorm(4).Infer([_x]) },
        { "layer norm takes 1 input(s), 2 given", () => new LayerNorm().Infer([_x, _x]) },
        { "2 groups do not divide the channels of 1x3x8x9; use a number that does", () => new GroupNorm(2).Infer([_x]) },
        { "0 groups do not divide", () => new GroupNorm(0).Infer([_x]) },
        { "x has shape 1x4x8x9, 1x3x8x9 is needed", () => new LayerNormGradient().Infer([_x, _y]) },
        { "x has shape 1x4x8x9", () => new GroupNormGradient(new(1)).Infer([_x, _y]) },
        { "2 groups do not divide", () => new GroupNormGradient(new(2)).Infer([_x, _x]) },
        { "x has shape 1x4x8x9", () => new MatrixDecompositionGradient(new(1, 1, 1)).Infer([_x, _y]) },
        { "rank 0 and 7 steps; both must lie between 1 and 1024", () => new MatrixDecomposition(0, 7, 1).Infer([_x]) },
        { "rank 16 and 0 steps", () => new MatrixDecomposition(16, 0, 1).Infer([_x]) },
        { "the second input has shape 2x3x8x9", () => new Pointwise(PointwiseKind.Add).Infer([_x, _x with { N = 2 }]) },
        { "relu takes 1 input(s), 2 given", () => new Pointwise(PointwiseKind.Relu).Infer([_x, _x]) },
        { "takes three channels, its input has 4", () => new NormalizeRgb(ColourStatistics.ImageNet).Infer([_x with { C = 4 }]) },
        { "step and root has shape 1x1x1x1, 1x1x1x2 is needed", () => new AdamStep(5, 0.9f, 0.999f, 1e-8f, 0).Infer([new(1, 1, 1, 1)]) },
        { "the parameters of adam step has shape 1x1x1x0", () => new AdamStep(0, 0.9f, 0.999f, 1e-8f, 0).Infer([new(1, 1, 1, 2)]) },
        { "the share has shape 1x1x1x2, 1x1x1x1 is needed", () => new MovingAverage().Infer([new(1, 1, 1, 2), new(1, 1, 1, 5)]) },
        { "the values has shape 1x3x1x1, 1x1x1x1 is needed", () => new MovingAverage().Infer([new(1, 1, 1, 1), _channels]) },
        { "257 classes do not fit a byte", () => new ArgMaxUpsampled(8).Infer([_x with { C = 257 }]) },
        { "an output of 0x0 is empty", () => new ArgMaxUpsampled(0).Infer([_x]) },
        { "the table of rows has shape 1x1x5x2, 1x1x5x3 is", () => new AddInterpolated().Infer([_x, new(1, 1, 5, 2), new(1, 1, 7, 3)]) },
        { "the table of columns has shape 1x1x1x7", () => new AddInterpolated().Infer([_x, new(1, 1, 5, 3), new(1, 1, 1, 7)]) },
        { "takes one image at a time, 2 given", () => new AccumulateProbabilities(4, 8).Infer([_x with { N = 2 }]) },
        { "a window of 9x8 does not fit a map of 8x8", () => new AccumulateProbabilities((9, 8), 8).Infer([_x]) },
        { "a window of 0x8 does not fit", () => new AccumulateProbabilities((0, 8), 8).Infer([_x]) },
        { "the second input has shape 1x4x8x9", () => new Pointwise(PointwiseKind.ReluGradient).Infer([_x, _y]) },
        { "sigmoid gradient takes 2 input(s), 1 given", () => new Pointwise(PointwiseKind.SigmoidGradient).Infer([_x]) },
        { "takes 3 input(s), 2 given", () => new TrainableConvolution(_conv, HasBias: true).Infer([_x, _filter]) },
        { "the filter has shape 4x3x3x2, 4x3x3x3 is needed", () =>
            new TrainableConvolution(_conv, HasBias: false).Infer([_x, _filter with { W = 2 }]) },
        { "the bias has shape 1x3x1x1, 1x4x1x1 is needed", () =>
            new TrainableConvolution(_conv, HasBias: true).Infer([_x, _filter, _channels]) },
        { "no epilogue and makes nothing on load; use operators of their own", () =>
            new TrainableConvolution(_conv with { Epilogue = Epilogue.Relu }, HasBias: false).Infer([_x, _filter]) },
        { "no epilogue and makes nothing on load", () =>
            new ConvolutionFilterGradient(_conv with { ExpandAddRelu = true }).Infer([_y, _x]) },
        { "the gradient of the output has shape 1x3x8x9, 1x4x8x9 is needed", () =>
            new ConvolutionInputGradient(_conv, (8, 9)).Infer([_x, _filter]) },
        { "the gradient of the output has shape 1x4x8x9, 1x4x8x8 is needed", () =>
            new ConvolutionInputGradient(_conv, (8, 8)).Infer([_y, _filter]) },
        { "the filter has shape 3x4x3x3, 4x3x3x3 is needed", () =>
            new ConvolutionInputGradient(_conv, (8, 9)).Infer([_y, new(3, 4, 3, 3)]) },
        { "an input of convolution 3x3 has shape 1x3x0x9; every extent must be at least 1", () =>
            new ConvolutionInputGradient(_conv, (0, 9)).Infer([_y, _filter]) },
        { "the gradient of the output has shape 2x4x8x9, 1x4x8x9 is needed", () =>
            new ConvolutionFilterGradient(_conv).Infer([_y with { N = 2 }, _x]) },
        { "channel sums takes 1 input(s), 0 given", () => new ChannelSums().Infer([]) },
        { "has no variance; use a larger batch", () => new BatchStatistics().Infer([new(1, 3, 1, 1)]) },
        { "1 values a channel have no variance; use a larger batch", () =>
            new RunningStatistics(1).Infer([_channels, _channels]) },
        { "the mean has shape 1x3x8x9, 1x3x1x1 is needed", () => new RunningStatistics(72).Infer([_x, _channels]) },
        { "the variance has shape 1x4x1x1, 1x3x1x1 is needed", () =>
            new RunningStatistics(72).Infer([_channels, _channels with { C = 4 }]) },
        { "a value a channel has shape 1x4x1x1, 1x3x1x1 is needed", () =>
            new BatchNormTransform().Infer([_x, _channels, _channels, _channels, _channels with { C = 4 }]) },
        { "x has shape 1x4x8x9, 1x3x8x9 is needed", () =>
            new BatchNormGradient(Frozen: false).Infer([_x, _y, _channels, _channels, _channels]) },
        { "a value a channel has shape 1x1x3x1", () =>
            new BatchNormGradient(Frozen: true).Infer([_x, _x, _channels, new(1, 1, 3, 1), _channels]) },
        { "at least one of the two means", () => new StripMeansGradient((8, 9), false, false).Infer([]) },
        { "the gradient of the mean over W has shape 1x3x8x9, 1x3x8x1 is needed", () =>
            new StripMeansGradient((8, 9), OverHeight: false).Infer([_x]) },
        { "the gradient of the mean over H has shape 1x3x1x8, 1x3x1x9 is needed", () =>
            new StripMeansGradient((8, 9)).Infer([_x with { W = 1 }, new(1, 3, 1, 8)]) },
        { "the output of strip means gradient has shape 1x3x8x0", () =>
            new StripMeansGradient((8, 0)).Infer([_x with { W = 1 }, _x with { H = 1 }]) },
        { "x has shape 1x4x8x9", () => new StripGateGradient().Infer([_x, _y, _x with { W = 1 }, _x with { H = 1 }]) },
        { "the expanded gate has shape 1x3x7x9", () =>
            new StripGateGradient().Infer([_x, _x, _x with { W = 1, H = 7 }, _x with { H = 1 }]) },
        { "the expanded sum has shape 1x3x7x9", () =>
            new ExpandAddGradient(Relu: true).Infer([_x, _x with { W = 1, H = 7 }, _x with { H = 1 }]) },
        { "takes 1 input(s), 3 given", () => new ExpandAddGradient(Relu: false).Infer([_x, _x with { W = 1 }, _x with { H = 1 }]) },
        { "the output of adaptive average pool gradient has shape 1x3x0x4", () => new AdaptiveAveragePoolGradient((0, 4)).Infer([_x]) },
        { "the output of corner-aligned bilinear gradient has shape 1x3x4x0", () => new BilinearGradient((4, 0)).Infer([_x]) },
        { "the gradient of the output has shape 1x3x8x9, 1x3x4x5 is needed", () =>
            new MaxPoolGradient(new MaxPool(3, 2, 1)).Infer([_x, _x]) },
        { "the gradient of the output has shape", () => new AveragePoolGradient(new AveragePool(3, 2, 1), (8, 9)).Infer([_x]) },
        { "the softmax has shape 1x4x8x9, 1x3x8x9 is needed", () => new SoftmaxGradient().Infer([_x, _y]) },
        { "2 channels from 2 on are not within 1x3x8x9; its channels are 0 to 2", () => new ChannelSlice(2, 2).Infer([_x]) },
        { "1 channels from -1 on are not within", () => new ChannelSlice(-1, 1).Infer([_x]) },
        { "0 channels from 0 on are not within", () => new ChannelSlice(0, 0).Infer([_x]) },
        { "2147483647 channels from 1 on are not within", () => new ChannelSlice(1, int.MaxValue).Infer([_x]) },
        { "the factors has shape 1x3x8x1, 1x3x1x1 is needed", () => new ScaleChannels().Infer([_x, _x with { W = 1 }]) },
        { "the learning rate has shape 1x3x1x1, 1x1x1x1 is needed", () => new SgdStep(5, 0.9f, 0).Infer([_channels]) },
        { "the parameters of sgd step has shape 1x1x1x0", () => new SgdStep(0, 0.9f, 0).Infer([new(1, 1, 1, 1)]) },
        { "257 classes do not fit a byte", () => new CrossEntropy().Infer([_x with { C = 257 }, _map]) },
        { "the label map has shape 2x1x16x18, 1x1x16x18 is needed", () => new CrossEntropy().Infer([_x, _map with { N = 2 }]) },
        { "the class weights has shape 1x4x1x1, 1x3x1x1 is needed", () =>
            new CrossEntropy(Weighted: true).Infer([_x, _map, _channels with { C = 4 }]) },
        { "the loss has shape 1x1x1x1, 1x1x1x2 is needed", () =>
            new CrossEntropyGradient(new CrossEntropy(), 1).Infer([_x, _map, new(1, 1, 1, 1), _map]) },
        { "the logarithm of the sum has shape 1x3x8x9", () =>
            new CrossEntropyGradient(new CrossEntropy(), 1).Infer([_x, _map, new(1, 1, 1, 2), _x]) },
        { "takes 5 input(s), 4 given", () =>
            new CrossEntropyGradient(new CrossEntropy(Weighted: true), 1).Infer([_x, _map, new(1, 1, 1, 2), _map]) },
        { "257 classes do not fit a byte", () => new HardExamples().Infer([_x with { C = 257 }, _map, _map]) },
        { "-1 pixels to keep; give 0 or more", () => new HardExamples(MinKept: -1).Infer([_x, _map, _map]) },
        { "the label map has shape 1x3x8x9, 1x1x8x9 is needed", () => new HardExamples().Infer([_x, _x, _map]) },
        { "the logarithm of the sum has shape 1x3x8x9, 1x1x16x18 is needed", () => new HardExamples().Infer([_x, _map, _x]) },
    };

    [Theory]
    [MemberData(nameof(Errors), DisableDiscoveryEnumeration = true)]
    public void A_wrong_shape_is_refused(string message, Func<Shape[]> infer) =>
        Assert.Contains(message, Assert.Throws<ShapeException>(infer).Message, StringComparison.Ordinal);

    [Fact]
    public void Weights_of_a_wrong_length_are_refused()
    {
        Operators operators = fixture.Device.Operators;
        Assert.Throws<ShapeException>(() => operators.Pack(_conv, new float[107], new float[4]));
        Assert.Throws<ShapeException>(() => operators.Pack(_conv, new float[108], new float[3]));
        Assert.Throws<ShapeException>(() => operators.Pack(new BatchNorm(3), new float[3], new float[2]));
        Assert.Throws<ShapeException>(() => operators.Pack(new Softmax(), [], []));
    }

    [Fact]
    public void An_operator_with_parameters_needs_its_weights()
    {
        Assert.Throws<ShapeException>(() => fixture.Device.Operators.Prepare(_conv, [_x]));
        Assert.Throws<ShapeException>(() => fixture.Device.Operators.Prepare(new BatchNorm(3), [_x]));
    }

    [Fact]
    public void An_output_too_large_for_offsets_of_31_bits_is_refused() =>
        Assert.Throws<ShapeException>(() => fixture.Device.Operators.Prepare(new Bilinear(65536), [_x]));
}
