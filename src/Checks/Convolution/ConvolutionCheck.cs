using static SpGpu.Checks.ConvolutionGeometry;
using static SpGpu.Checks.Make;

namespace SpGpu.Checks;

/// <summary>Convolutions with packed weights: geometries, channels and planes, epilogues, strips expanded on load.</summary>
internal sealed class ConvolutionCheck : Check<Convolution>
{
    private const Epilogue Residual = Epilogue.Residual | Epilogue.Relu;
    private const Epilogue Gate = Epilogue.Sigmoid | Epilogue.Multiply;

    /// <summary>Channel counts around the tiles of a matrix product, in and out.</summary>
    private static readonly (int In, int Out)[] _channels =
        [(1, 1), (1, 64), (3, 64), (5, 63), (17, 7), (63, 65), (64, 64), (65, 64), (65, 130), (129, 5), (256, 64), (64, 256)];

    private static readonly int[] _dilations = [2, 4, 8, 16];

    /// <summary>Every epilogue that SPNet uses, and others.</summary>
    private static readonly Epilogue[] _epilogues =
    [
        Epilogue.Relu, Epilogue.Sigmoid, Epilogue.Residual, Residual, Epilogue.Multiply, Epilogue.Relu | Epilogue.Multiply, Gate,
        Epilogue.Residual | Epilogue.Sigmoid | Epilogue.Multiply,
    ];

    public override bool IsTiled(Specification specification) => ((Convolution)specification).Groups == 1;

    public override IEnumerable<OperatorCase> Cases => [.. Plain, .. WithEpilogues, .. InGroups, .. OnStrips, .. Layers];

    protected override (float[]? Weight, float[]? Bias) Parameters(Convolution convolution, Draw draw)
    {
        int fanIn = convolution.GroupChannels * convolution.Kernel.Height * convolution.Kernel.Width;
        return (draw.Floats(convolution.OutChannels * fanIn, 2f / MathF.Sqrt(fanIn)), draw.Floats(convolution.OutChannels, 2f));
    }

    protected override Element[] Reference(Convolution convolution, CaseData data)
    {
        Samples x = convolution.ExpandAddRelu ? Loaded(data.Inputs[0], data.Inputs[1]) : data.Inputs[0];
        var filter = new Samples(
            Array.ConvertAll(data.Weight!, weight => (double)weight),
            TrainableConvolutionCheck.Filter(convolution));
        int next = convolution.SourceInputs;
        Samples? residual = convolution.Epilogue.HasFlag(Epilogue.Residual) ? data.Inputs[next++] : null;
        Samples? multiplier = convolution.Epilogue.HasFlag(Epilogue.Multiply) ? data.Inputs[next] : null;
        return
        [
            (n, o, i, j) =>
            {
                Estimate y = WindowSum(convolution, x, filter, data.Bias![o], n, o, i, j);
                if (residual is not null)
                    y += residual[n, o, i, j];
                if (convolution.Epilogue.HasFlag(Epilogue.Relu))
                    y = y.Relu();
                if (convolution.Epilogue.HasFlag(Epilogue.Sigmoid))
                    y = y.Sigmoid();
                return multiplier is null ? y : y * multiplier[n, o, i, j];
            },
        ];
    }

    /// <summary>relu(expand(a) + expand(b)), rounded to float32 as a kernel does when it loads it.</summary>
    private static Samples Loaded(Samples a, Samples b) => Samples.Rounded(Expansion.Sum(a, b, relu: true), a.Shape with { W = b.Shape.W });

    private static IEnumerable<OperatorCase> Plain =>
    [
        Tiny(Conv(3, 5, 1), new Shape(1, 3, 3, 5)),
        Tiny(Conv(3, 2, 3), new Shape(2, 3, 5, 4)),
        Tiny(Conv(2, 3, 3, stride: 2), new Shape(1, 2, 7, 6)),
        Tiny(Conv(2, 2, 3, dilation: 4), new Shape(1, 2, 3, 5)),
        Tiny(Conv(4, 4, (1, 3)), new Shape(1, 4, 1, 9)),
        Tiny(Conv(4, 4, (3, 1)), new Shape(1, 4, 9, 1)),
        Tiny(new Convolution(2, 2, 7, 2, 3, 1), new Shape(1, 2, 6, 7)),
        // Planes of whole vectors, which GPU kernels read as they lie; the small ones have more pixels and channels than a tile.
        Tiny(Conv(5, 7, 1), new Shape(2, 5, 4, 6)),
        // Channels by eights, which tensor cores have copied to shared memory while they multiply.
        Tiny(Conv(40, 8, 1), new Shape(1, 40, 4, 6)),
        Tiny(Conv(8, 3, 3), new Shape(1, 8, 5, 5)),
        Small(Conv(37, 140, 1), new Shape(2, 37, 12, 12)),
        .. Geometries.Select(g => Small(new Convolution(5, 9, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(2, 5, 13, 19))),
        .. Geometries.Select(g => Small(new Convolution(8, 16, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(1, 8, 32, 32))),
        .. from kernel in new Size2D[] { 1, 3 }
           from channels in _channels
           select Small(Conv(channels.In, channels.Out, kernel), new Shape(1, channels.In, 7, 9)),
        .. from plane in Planes
           from kernel in new Size2D[] { 1, 3, (1, 3), (3, 1) }
           select Small(Conv(6, 18, kernel), Shape(2, 6, plane)),
        .. from plane in Planes
           select Small(Conv(6, 18, 3, stride: 2), Shape(2, 6, plane)),
        // Dilations larger than the plane: all taps but the middle one read padding, on some rows or on all.
        .. from dilation in _dilations
           from plane in new Size2D[] { (7, 5), (8, 16), (17, 33), (30, 20) }
           select Small(Conv(7, 11, 3, dilation: dilation), Shape(1, 7, plane)),
        // Of half the plane, between many channels: each half of the rows leaves a third of the taps out, in the middle of blocks too.
        Small(Conv(72, 17, 3, dilation: 16), new Shape(2, 72, 32, 32)),
        .. from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (7, 9), (8, 8) }
           select Small(Conv(33, 65, kernel), Shape(3, 33, plane)),
        // Large enough for Winograd's algorithm on the cpu: every geometry, several blocks of channels.
        .. Tiled.Select(g => Small(new Convolution(17, 23, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(2, 17, 30, 41))),
        .. Tiled.Select(g => Small(new Convolution(16, 16, g.Kernel, g.Stride, g.Padding, g.Dilation), new Shape(1, 16, 32, 64))),
        Small(Conv(530, 16, 3), new Shape(1, 530, 16, 24)),
        Small(Conv(1040, 17, 3, dilation: 2), new Shape(2, 1040, 17, 22)),
        .. Placed(Small(Conv(17, 20, 3), new Shape(2, 17, 20, 28))),
        .. Placed(Small(Conv(17, 20, 3, dilation: 2), new Shape(2, 17, 21, 27))),
        // As many taps as the widest layer of SPNet-50 has: long sums.
        Small(Conv(2048, 3, 3), new Shape(1, 2048, 3, 4)),
        Small(Conv(2048, 65, 1), new Shape(1, 2048, 4, 4)),
        .. Placed(Small(Conv(17, 33, 1), new Shape(2, 17, 8, 12))),
        .. Placed(Small(Conv(17, 33, 1), new Shape(2, 17, 7, 13))),
        .. Placed(Small(Conv(9, 20, 3), new Shape(2, 9, 8, 12))),
        .. Placed(Small(Conv(9, 20, 3), new Shape(2, 9, 7, 13))),
        .. Placed(Small(Conv(9, 20, 3, stride: 2), new Shape(2, 9, 16, 24))),
        .. Placed(Small(Conv(9, 20, (1, 3)), new Shape(2, 9, 1, 60))),
        .. Placed(Small(Conv(9, 20, (3, 1)), new Shape(2, 9, 60, 1))),
        .. Placed(Tiny(Conv(2, 3, 3), new Shape(2, 2, 4, 4))),
    ];

    /// <summary>3x3 without a stride.</summary>
    private static IEnumerable<(Size2D Kernel, Size2D Stride, Size2D Padding, Size2D Dilation)> Tiled =>
        Geometries.Where(g => g.Kernel == (Size2D)3 && g.Stride == (Size2D)1);

    private static IEnumerable<OperatorCase> WithEpilogues =>
    [
        .. from epilogue in _epilogues
           select With(CaseSize.Tiny, Conv(3, 5, 1), epilogue, new Shape(1, 3, 3, 5)),
        .. from epilogue in _epilogues
           from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (8, 12), (7, 13) }
           select With(CaseSize.Small, Conv(18, 21, kernel), epilogue, Shape(2, 18, plane)),
        .. from epilogue in _epilogues
           select With(CaseSize.Small, Conv(18, 70, 3, stride: 2), epilogue, new Shape(1, 18, 17, 33)),
        .. from epilogue in _epilogues
           from plane in new Size2D[] { (20, 28), (23, 33) }
           select With(CaseSize.Small, Conv(18, 21, 3), epilogue, Shape(2, 18, plane)),
        .. from epilogue in new[] { Residual, Gate }
           from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (8, 12), (7, 13) }
           from @case in Placed(With(CaseSize.Small, Conv(9, 20, kernel), epilogue, Shape(2, 9, plane)))
           select @case,
    ];

    private static IEnumerable<OperatorCase> InGroups =>
    [
        .. TinyGrouped.Select(one => Tiny(one.Convolution, one.Input)),
        .. from epilogue in _epilogues
           from one in TinyGrouped
           select With(CaseSize.Tiny, one.Convolution, epilogue, one.Input),
        .. Grouped.Select(one => Small(one.Convolution, one.Input)),
        .. from epilogue in _epilogues
           from one in PlacedGrouped
           select With(CaseSize.Small, one.Convolution, epilogue, one.Input),
        .. from epilogue in new[] { Epilogue.None, Residual, Gate }
           from one in PlacedGrouped
           from @case in Placed(With(CaseSize.Small, one.Convolution, epilogue, one.Input))
           select @case,
        .. LargeGrouped.Select(one => With(CaseSize.Large, one.Convolution, Epilogue.Relu, one.Input)),
    ];

    private static IEnumerable<OperatorCase> OnStrips =>
    [
        .. from epilogue in new[] { Epilogue.None, Epilogue.Relu, Gate }
           select WithStrips(CaseSize.Tiny, Conv(3, 4, 1), epilogue, new Shape(1, 3, 3, 5)),
        WithStrips(CaseSize.Tiny, Conv(3, 2, 3), Epilogue.Relu, new Shape(1, 3, 4, 5)),
        .. from epilogue in new[] { Epilogue.None, Epilogue.Relu, Gate }
           from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (1, 1), (7, 9), (8, 16), (17, 65), (60, 60) }
           select WithStrips(CaseSize.Small, Conv(17, 18, kernel), epilogue, Shape(2, 17, plane)),
        .. from channels in (int[])[1, 64, 65, 130]
           select WithStrips(CaseSize.Small, Conv(channels, channels, 1), Gate, new Shape(1, channels, 9, 12)),
        .. from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (8, 12), (7, 13) }
           from @case in Placed(WithStrips(CaseSize.Small, Conv(9, 20, kernel), Gate, Shape(2, 9, plane)))
           select @case,
    ];

    /// <summary>The distinct convolutions of SPNet-50 on one 480x480 image with 150 classes.</summary>
    private static IEnumerable<OperatorCase> Layers =>
    [
        Layer(3, 64, 3, 480, Epilogue.Relu, stride: 2),
        Layer(64, 64, 3, 240, Epilogue.Relu),
        Layer(64, 128, 3, 240, Epilogue.Relu),
        .. Stage(128, 64, 120, 120), .. Stage(256, 128, 120, 60), .. Stage(512, 256, 60, 60), .. Stage(1024, 512, 60, 60),
        Layer(256, 256, 3, 60, Epilogue.Relu, dilation: 2),
        Layer(512, 512, 3, 60, Epilogue.Relu, dilation: 4),
        Layer(512, 512, 3, 60, Epilogue.Relu, dilation: 8),
        Layer(512, 512, 3, 60, Epilogue.Relu, dilation: 16),
        Layer(2048, 1024, 1, 60, Epilogue.Relu),
        Layer(256, 256, 3, 60, Epilogue.None),
        Layer(256, 256, 3, 20, Epilogue.None),
        Layer(256, 256, 3, 12, Epilogue.None),
        WithStrips(CaseSize.Large, Conv(256, 256, 3), Epilogue.Relu, new Shape(1, 256, 60, 60)),
        Layer(512, 1024, 1, 60, Residual),
        Layer(1024, 512, 3, 60, Epilogue.Relu),
        Layer(512, 150, 1, 60, Epilogue.None),
    ];

    /// <summary>Channels into the stage, planes p of its bottlenecks, plane before and after its first block.</summary>
    private static IEnumerable<OperatorCase> Stage(int channels, int p, int before, int after)
    {
        var x = new Shape(1, p, after, after);
        yield return Layer(channels, p, 1, before, Epilogue.Relu);
        yield return Layer(channels, 4 * p, 1, before, Epilogue.None, before / after);
        if (before != after)
            yield return Layer(p, p, 3, before, Epilogue.Relu, before / after);
        yield return Layer(4 * p, p, 1, after, Epilogue.Relu);
        yield return Layer(p, 4 * p, 1, after, Residual);
        // The official network gives the last stage dilations only, the others plain 3x3 as well.
        if (p < 512)
            yield return Layer(p, p, 3, after, Epilogue.Relu);
        yield return Large(Conv(p, p, (3, 1)), Strips(x)[0]);
        yield return Large(Conv(p, p, (1, 3)), Strips(x)[1]);
        yield return WithStrips(CaseSize.Large, Conv(p, p, 1), Gate, x);
    }

    private static OperatorCase Layer(
        int channels, int outputs, Size2D kernel, int size, Epilogue epilogue, int stride = 1, int dilation = 1) =>
        With(CaseSize.Large, Conv(channels, outputs, kernel, stride, dilation), epilogue, new Shape(1, channels, size, size));

    /// <summary>The convolution of an input of shape <paramref name="x"/> with an epilogue and the inputs that it takes.</summary>
    private static OperatorCase With(CaseSize size, Convolution convolution, Epilogue epilogue, Shape x) =>
        Complete(size, convolution with { Epilogue = epilogue }, x, [x]);

    /// <summary>The same on the column and the row that expand to <paramref name="x"/>.</summary>
    private static OperatorCase WithStrips(CaseSize size, Convolution convolution, Epilogue epilogue, Shape x) =>
        Complete(size, convolution with { Epilogue = epilogue, ExpandAddRelu = true }, x, Strips(x));

    private static OperatorCase Complete(CaseSize size, Convolution convolution, Shape x, Shape[] sources)
    {
        Shape output = (convolution with { Epilogue = Epilogue.None, ExpandAddRelu = false }).Infer([x])[0];
        int extra = (convolution.Epilogue.HasFlag(Epilogue.Residual) ? 1 : 0) + (convolution.Epilogue.HasFlag(Epilogue.Multiply) ? 1 : 0);
        return new OperatorCase(convolution, [.. sources, .. Enumerable.Repeat(output, extra)], size);
    }
}
