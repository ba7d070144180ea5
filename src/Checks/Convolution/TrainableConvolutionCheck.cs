using static SpGpu.Checks.ConvolutionGeometry;
using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Convolutions in training, with the filter as a tensor.</summary>
internal sealed class TrainableConvolutionCheck : Check<TrainableConvolution>
{
    private static readonly (int In, int Out)[] _channels = [(1, 1), (3, 64), (5, 63), (17, 7), (64, 64), (65, 130), (129, 5)];

    private static readonly int[] _dilations = [2, 4, 16];

    /// <summary>Layers of SPNet-50 in training on two 225x225 images.</summary>
    private static readonly (Convolution Convolution, int Plane)[] _layers =
    [
        (Conv(3, 64, 3, stride: 2), 225), (Conv(64, 128, 3), 113), (Conv(64, 256, 1), 57), (Conv(128, 128, 3, stride: 2), 57),
        (Conv(1024, 256, 1), 29), (Conv(256, 256, 3, dilation: 2), 29), (Conv(512, 512, 3, dilation: 16), 29), (Conv(512, 150, 1), 29),
    ];

    public override bool IsTiled(Specification specification) => ((TrainableConvolution)specification).Forward.Groups == 1;

    public override IEnumerable<OperatorCase> Cases => [.. Of(Forward), .. Biased];

    protected override Element[] Reference(TrainableConvolution convolution, CaseData data)
    {
        (Samples x, Samples filter) = (data.Inputs[0], data.Inputs[1]);
        Samples? bias = convolution.HasBias ? data.Inputs[2] : null;
        return [(n, o, i, j) => WindowSum(convolution.Forward, x, filter, bias?[0, o, 0, 0] ?? 0, n, o, i, j)];
    }

    /// <summary>The cases of an operator in training, which <paramref name="make"/> makes for an input of the forward one.</summary>
    public static IEnumerable<OperatorCase> Of(Func<CaseSize, Convolution, Shape, OperatorCase> make) =>
    [
        make(CaseSize.Tiny, Conv(3, 5, 1), new Shape(1, 3, 3, 5)),
        make(CaseSize.Tiny, Conv(3, 2, 3), new Shape(2, 3, 5, 4)),
        make(CaseSize.Tiny, Conv(5, 7, 1), new Shape(2, 5, 4, 6)),
        make(CaseSize.Small, Conv(37, 140, 1), new Shape(2, 37, 12, 12)),
        make(CaseSize.Tiny, Conv(2, 3, 3, stride: 2), new Shape(1, 2, 7, 6)),
        make(CaseSize.Tiny, Conv(2, 2, 3, dilation: 4), new Shape(1, 2, 3, 5)),
        make(CaseSize.Tiny, Conv(4, 4, (1, 3)), new Shape(1, 4, 1, 9)),
        make(CaseSize.Tiny, Conv(4, 4, (3, 1)), new Shape(1, 4, 9, 1)),
        .. from g in Geometries
           select make(CaseSize.Small, new Convolution(5, 9, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(2, 5, 13, 19)),
        .. from g in Geometries
           select make(CaseSize.Small, new Convolution(8, 16, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(1, 8, 32, 32)),
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
        .. TinyGrouped.Select(one => make(CaseSize.Tiny, one.Convolution, one.Input)),
        .. Grouped.Select(one => make(CaseSize.Small, one.Convolution, one.Input)),
        .. PlacedGrouped.SelectMany(one => Placed(make(CaseSize.Small, one.Convolution, one.Input))),
        .. LargeGrouped.Select(one => make(CaseSize.Large, one.Convolution, one.Input)),
        .. from layer in _layers
           select make(CaseSize.Large, layer.Convolution, new Shape(2, layer.Convolution.InChannels, layer.Plane, layer.Plane)),
    ];

    /// <summary>The shape of a filter.</summary>
    public static Shape Filter(Convolution convolution) => Shape(convolution.OutChannels, convolution.GroupChannels, convolution.Kernel);

    private static IEnumerable<OperatorCase> Biased =>
    [
        WithBias(Forward(CaseSize.Tiny, Conv(3, 2, 3), new Shape(2, 3, 5, 4))),
        .. from channels in _channels
           from kernel in new Size2D[] { 1, 3 }
           select WithBias(Forward(CaseSize.Small, Conv(channels.In, channels.Out, kernel), new Shape(2, channels.In, 7, 9))),
        .. Placed(WithBias(Forward(CaseSize.Small, Conv(9, 20, 3), new Shape(2, 9, 7, 13)))),
        .. TinyGrouped.Select(one => WithBias(Forward(CaseSize.Tiny, one.Convolution, one.Input))),
        .. PlacedGrouped.SelectMany(one => Placed(WithBias(Forward(CaseSize.Small, one.Convolution, one.Input)))),
    ];

    private static OperatorCase Forward(CaseSize size, Convolution convolution, Shape x) =>
        new(new TrainableConvolution(convolution, HasBias: false), [x, Filter(convolution)], size);

    private static OperatorCase WithBias(OperatorCase @case)
    {
        Convolution convolution = ((TrainableConvolution)@case.Specification).Forward;
        return @case with
        {
            Specification = new TrainableConvolution(convolution, HasBias: true),
            Inputs = @case.Inputs.Add(new Shape(1, convolution.OutChannels, 1, 1)),
        };
    }
}

/// <summary>The gradient by the input.</summary>
internal sealed class ConvolutionInputGradientCheck : Check<ConvolutionInputGradient>
{
    public override bool IsTiled(Specification specification) => ((ConvolutionInputGradient)specification).Forward.Groups == 1;

    public override IEnumerable<OperatorCase> Cases => TrainableConvolutionCheck.Of(Gradient);

    protected override Element[] Reference(ConvolutionInputGradient gradient, CaseData data)
    {
        Convolution convolution = gradient.Forward;
        (Samples dy, Samples filter) = (data.Inputs[0], data.Inputs[1]);
        (Size2D stride, Size2D padding, Size2D dilation) = (convolution.Stride, convolution.Padding, convolution.Dilation);
        int outputs = convolution.OutChannels / convolution.Groups;
        int all = outputs * convolution.Kernel.Height * convolution.Kernel.Width;
        return
        [
            (n, c, y, x) =>
            {
                var sum = new Total();
                for (int u = 0; u < convolution.Kernel.Height; u++)
                {
                    if (Reader(y, u, stride.Height, padding.Height, dilation.Height, dy.Shape.H) is not { } i)
                        continue;
                    for (int v = 0; v < convolution.Kernel.Width; v++)
                    {
                        if (Reader(x, v, stride.Width, padding.Width, dilation.Width, dy.Shape.W) is not { } j)
                            continue;
                        int group = c / convolution.GroupChannels;
                        for (int o = group * outputs; o < (group + 1) * outputs; o++)
                            sum.Add(filter[o, c - group * convolution.GroupChannels, u, v] * dy[n, o, i, j]);
                    }
                }
                return IsTiled3x3(convolution) ? sum.Among(all) : sum.Sum;
            },
        ];
    }

    /// <summary>
    /// The output position whose tap number <paramref name="tap"/> reads <paramref name="position"/>; null if there is none.
    /// </summary>
    private static int? Reader(int position, int tap, int stride, int padding, int dilation, int outputs)
    {
        int start = position + padding - tap * dilation;
        return start >= 0 && start % stride == 0 && start / stride < outputs ? start / stride : null;
    }

    private static OperatorCase Gradient(CaseSize size, Convolution convolution, Shape x)
    {
        Shape[] inputs = [convolution.Infer([x])[0], TrainableConvolutionCheck.Filter(convolution)];
        return new(new ConvolutionInputGradient(convolution, (x.H, x.W)), [.. inputs], size);
    }
}

/// <summary>The gradient by the filter.</summary>
internal sealed class ConvolutionFilterGradientCheck : Check<ConvolutionFilterGradient>
{
    public override bool IsTiled(Specification specification) => ((ConvolutionFilterGradient)specification).Forward.Groups == 1;

    public override IEnumerable<OperatorCase> Cases =>
    [
        .. TrainableConvolutionCheck.Of(Gradient),
        Gradient(CaseSize.Large, Conv(256, 256, (3, 1)), new Shape(2, 256, 29, 1)),
    ];

    protected override Element[] Reference(ConvolutionFilterGradient operation, CaseData data)
    {
        Convolution convolution = operation.Forward;
        (Samples dy, Samples x, Samples before) = (data.Inputs[0], data.Inputs[1], data.Before[0]!);
        return
        [
            (o, c, u, v) =>
            {
                var sum = new Total();
                for (int n = 0; n < dy.Shape.N; n++)
                {
                    for (int i = 0; i < dy.Shape.H; i++)
                    {
                        int row = i * convolution.Stride.Height - convolution.Padding.Height + u * convolution.Dilation.Height;
                        if (row < 0 || row >= x.Shape.H)
                            continue;
                        for (int j = 0; j < dy.Shape.W; j++)
                        {
                            int column = j * convolution.Stride.Width - convolution.Padding.Width + v * convolution.Dilation.Width;
                            if (column >= 0 && column < x.Shape.W)
                                sum.Add(dy[n, o, i, j] * x[n, FirstChannel(convolution, o) + c, row, column]);
                        }
                    }
                }
                Estimate gradient = IsTiled3x3(convolution) ? sum.Among(dy.Shape.N * dy.Shape.Plane) : sum.Sum;
                return gradient + before[o, c, u, v];
            },
        ];
    }

    private static OperatorCase Gradient(CaseSize size, Convolution convolution, Shape x) =>
        new(new ConvolutionFilterGradient(convolution), [convolution.Infer([x])[0], x], size);
}
