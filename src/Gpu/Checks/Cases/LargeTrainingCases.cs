using static SpGpu.Gpu.Checks.Cases.ConvolutionCases;
using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Layers of SPNet-50 in training on two 225x225 images, planes of 113, 57 and 29, for benchmarks.</summary>
internal static class LargeTrainingCases
{
    private const CaseSize Size = CaseSize.Large;

    private static readonly (Convolution Convolution, int Plane)[] _convolutions =
    [
        (Conv(3, 64, 3, stride: 2), 225), (Conv(64, 128, 3), 113), (Conv(64, 256, 1), 57), (Conv(128, 128, 3, stride: 2), 57),
        (Conv(1024, 256, 1), 29), (Conv(256, 256, 3, dilation: 2), 29), (Conv(512, 512, 3, dilation: 16), 29), (Conv(512, 150, 1), 29),
    ];

    public static IEnumerable<OperatorCase> All =>
    [
        .. from make in new[] { ConvolutionGradientCases.Forward, ConvolutionGradientCases.InputGradient, ConvolutionGradientCases.FilterGradient }
           from layer in _convolutions
           select make(Size, layer.Convolution, new Shape(2, layer.Convolution.InChannels, layer.Plane, layer.Plane)),
        ConvolutionGradientCases.FilterGradient(Size, Conv(256, 256, (3, 1)), new Shape(2, 256, 29, 1)),
        Large(new ChannelSums(), new Shape(2, 150, 29, 29)),
        .. from x in new[] { new Shape(2, 128, 113, 113), new Shape(2, 1024, 29, 29) }
           from @case in new[] { NormCases.Statistics(Size, x), NormCases.Transform(Size, x), NormCases.Gradient(Size, x, frozen: false), NormCases.Gradient(Size, x, frozen: true) }
           select @case,
        .. Strips(new Shape(2, 256, 57, 57)),
        ResamplingGradientCases.Maximum(Size, new MaxPool(3, 2, 1), new Shape(2, 128, 113, 113)),
        ResamplingGradientCases.Mean(Size, 2, 256, 29, 20),
        ResamplingGradientCases.CornerAlignedBilinear(Size, 2, 256, 20, 29),
        Large(new ChannelSlice(256, 256), new Shape(2, 512, 29, 29)),
        TrainingCases.Scale(Size, new Shape(2, 512, 29, 29)),
        TrainingCases.Softmax(Size, new Shape(2, 150, 29, 29)),
        TrainingCases.Step(Size, 4_000_000),
        LossCases.Loss(Size, new CrossEntropy(), new Shape(2, 150, 29, 29), 225),
        LossCases.Gradient(Size, new CrossEntropy(), new Shape(2, 150, 29, 29), 225),
        LossCases.Hard(Size, new HardExamples(0.01f, 40_000), new Shape(2, 150, 29, 29), 225),
    ];

    private static IEnumerable<OperatorCase> Strips(Shape x) =>
    [
        StripGradientCases.Means(Size, x, overWidth: true, overHeight: true),
        StripGradientCases.Expansion(Size, x, relu: true),
        StripGradientCases.Gate(Size, x),
    ];
}
