using static SpGpu.Gpu.Checks.Cases.ConvolutionCases;
using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Convolutions in training: forward with the filter as a tensor, and the gradients by input, filter and bias.</summary>
internal static class ConvolutionGradientCases
{
    private static readonly Func<CaseSize, Convolution, Shape, OperatorCase>[] _operators = [Forward, InputGradient, FilterGradient];

    private static readonly (int In, int Out)[] _channels = [(1, 1), (3, 64), (5, 63), (17, 7), (64, 64), (65, 130), (129, 5)];

    private static readonly int[] _dilations = [2, 4, 16];

    public static IEnumerable<OperatorCase> All => [.. _operators.SelectMany(Of), .. Biased, .. Sums];

    /// <summary>The forward operator in training, without bias.</summary>
    public static OperatorCase Forward(CaseSize size, Convolution convolution, Shape x) =>
        new(new TrainableConvolution(convolution, HasBias: false), [x, TrainableConvolution.Filter(convolution)], size);

    /// <summary>The gradient by an input of shape <paramref name="x"/>.</summary>
    public static OperatorCase InputGradient(CaseSize size, Convolution convolution, Shape x) =>
        new(new ConvolutionInputGradient(convolution, (x.H, x.W)), [convolution.Infer([x])[0], TrainableConvolution.Filter(convolution)], size);

    /// <summary>The gradient by the filter, from an input of shape <paramref name="x"/>.</summary>
    public static OperatorCase FilterGradient(CaseSize size, Convolution convolution, Shape x) =>
        new(new ConvolutionFilterGradient(convolution), [convolution.Infer([x])[0], x], size);

    private static IEnumerable<OperatorCase> Of(Func<CaseSize, Convolution, Shape, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, Conv(3, 5, 1), new Shape(1, 3, 3, 5)),
        make(CaseSize.Tiny, Conv(3, 2, 3), new Shape(2, 3, 5, 4)),
        make(CaseSize.Tiny, Conv(5, 7, 1), new Shape(2, 5, 4, 6)),
        make(CaseSize.Small, Conv(37, 140, 1), new Shape(2, 37, 12, 12)),
        make(CaseSize.Tiny, Conv(2, 3, 3, stride: 2), new Shape(1, 2, 7, 6)),
        make(CaseSize.Tiny, Conv(2, 2, 3, dilation: 4), new Shape(1, 2, 3, 5)),
        make(CaseSize.Tiny, Conv(4, 4, (1, 3)), new Shape(1, 4, 1, 9)),
        make(CaseSize.Tiny, Conv(4, 4, (3, 1)), new Shape(1, 4, 9, 1)),
        .. Geometries.Select(g => make(CaseSize.Small, new Convolution(5, 9, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(2, 5, 13, 19))),
        .. Geometries.Select(g => make(CaseSize.Small, new Convolution(8, 16, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(1, 8, 32, 32))),
        .. from kernel in new Size2D[] { 1, 3 }
           from channels in _channels
           select make(CaseSize.Small, Conv(channels.In, channels.Out, kernel), new Shape(1, channels.In, 7, 9)),
        .. from plane in Planes
           from kernel in new Size2D[] { 1, 3, (1, 3), (3, 1) }
           select make(CaseSize.Small, Conv(6, 18, kernel), Shape(2, 6, plane)),
        .. from plane in Planes
           from kernel in new Size2D[] { 1, 3 }
           select make(CaseSize.Small, Conv(6, 18, kernel, stride: 2), Shape(2, 6, plane)),
        // Dilations larger than the plane: most taps meet padding only, and their gradient is zero.
        .. from dilation in _dilations
           from plane in new Size2D[] { (7, 5), (8, 16), (17, 33), (29, 29) }
           select make(CaseSize.Small, Conv(7, 11, 3, dilation: dilation), Shape(1, 7, plane)),
        .. from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (7, 9), (8, 8) }
           select make(CaseSize.Small, Conv(33, 65, kernel), Shape(3, 33, plane)),
        make(CaseSize.Small, Conv(1024, 3, 3), new Shape(1, 1024, 3, 4)),
        make(CaseSize.Small, Conv(3, 1024, 3), new Shape(1, 3, 3, 4)),
        // As many pixels as the stem has: long sums in the gradient by the filter.
        make(CaseSize.Small, Conv(3, 4, 3), new Shape(2, 3, 113, 113)),
        .. Placed(make(CaseSize.Small, Conv(17, 33, 1), new Shape(2, 17, 8, 12))),
        .. Placed(make(CaseSize.Small, Conv(17, 33, 1), new Shape(2, 17, 7, 13))),
        .. Placed(make(CaseSize.Small, Conv(9, 20, 3), new Shape(2, 9, 8, 12))),
        .. Placed(make(CaseSize.Small, Conv(9, 20, 3), new Shape(2, 9, 7, 13))),
        .. Placed(make(CaseSize.Small, Conv(9, 20, 3, stride: 2), new Shape(2, 9, 16, 24))),
        .. Placed(make(CaseSize.Tiny, Conv(2, 3, 3), new Shape(2, 2, 4, 4))),
    ];

    private static IEnumerable<OperatorCase> Biased =>
    [
        WithBias(Forward(CaseSize.Tiny, Conv(3, 2, 3), new Shape(2, 3, 5, 4))),
        .. from channels in _channels
           from kernel in new Size2D[] { 1, 3 }
           select WithBias(Forward(CaseSize.Small, Conv(channels.In, channels.Out, kernel), new Shape(2, channels.In, 7, 9))),
        .. Placed(WithBias(Forward(CaseSize.Small, Conv(9, 20, 3), new Shape(2, 9, 7, 13)))),
    ];

    private static OperatorCase WithBias(OperatorCase @case)
    {
        Convolution convolution = ((TrainableConvolution)@case.Specification).Forward;
        return @case with
        {
            Specification = new TrainableConvolution(convolution, HasBias: true),
            Inputs = @case.Inputs.Add(new Shape(1, convolution.OutChannels, 1, 1)),
        };
    }

    private static IEnumerable<OperatorCase> Sums =>
    [
        Tiny(new ChannelSums(), new Shape(2, 3, 5, 7)),
        .. Planes.Select(plane => Small(new ChannelSums(), Shape(2, 3, plane))),
        Small(new ChannelSums(), new Shape(3, 65, 8, 8)),
        Small(new ChannelSums(), new Shape(2, 2, 113, 113)),
        .. Placed(Small(new ChannelSums(), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new ChannelSums(), new Shape(2, 5, 7, 13))),
    ];
}
