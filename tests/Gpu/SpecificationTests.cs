using Xunit;

namespace SpGpu.Gpu.Tests;

/// <summary>Every specification refuses what its operator cannot do, and says what is wrong.</summary>
public class SpecificationTests(DeviceFixture fixture)
{
    private static readonly Shape _x = new(1, 3, 8, 9);
    private static readonly Convolution _conv = new(3, 4, 3, 1, 1, 1);

    /// <summary>What the message says; what throws it.</summary>
    public static TheoryData<string, Func<Shape[]>> Errors => new()
    {
        { "convolution 3x3 takes 1 input(s), 2 given", () => _conv.Infer([_x, _x]) },
        { "an input of convolution 3x3 has shape 1x3x0x9", () => _conv.Infer([_x with { H = 0 }]) },
        { "more than 2^31 - 1 elements", () => new Softmax().Infer([new(3, 1024, 1024, 1024)]) },
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
        { "is smaller than the window", () => new MaxPool(11, 2, 1).Infer([_x]) },
        { "an output of 4x0 is empty", () => new Bilinear((4, 0)).Infer([_x]) },
        { "concat takes at least one input", () => new Concat().Infer([]) },
        { "an input has shape 1x3x8x8, 1x3x8x9 is needed", () => new Concat().Infer([_x, _x with { W = 8 }]) },
        { "for 4 channels, its input has 3", () => new BatchNorm(4).Infer([_x]) },
        { "the second input has shape 2x3x8x9", () => new Pointwise(PointwiseKind.Add).Infer([_x, _x with { N = 2 }]) },
        { "relu takes 1 input(s), 2 given", () => new Pointwise(PointwiseKind.Relu).Infer([_x, _x]) },
        { "takes three channels, its input has 4", () => new NormalizeRgb().Infer([_x with { C = 4 }]) },
        { "257 classes do not fit a byte", () => new ArgMaxUpsampled(8).Infer([_x with { C = 257 }]) },
        { "an output of 0x0 is empty", () => new ArgMaxUpsampled(0).Infer([_x]) },
        { "takes one image at a time, 2 given", () => new AccumulateProbabilities(4, 8).Infer([_x with { N = 2 }]) },
        { "a window of 9x8 does not fit a map of 8x8", () => new AccumulateProbabilities((9, 8), 8).Infer([_x]) },
        { "a window of 0x8 does not fit", () => new AccumulateProbabilities((0, 8), 8).Infer([_x]) },
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
