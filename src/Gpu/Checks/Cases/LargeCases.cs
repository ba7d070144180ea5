using static SpGpu.Gpu.Checks.Cases.ConvolutionCases;
using static SpGpu.Gpu.Checks.Cases.EpilogueCases;
using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>The distinct layers of SPNet-50 on one 480x480 image with 150 classes, for benchmarks.</summary>
internal static class LargeCases
{
    private const Epilogue Residual = Epilogue.Residual | Epilogue.Relu;
    private const Epilogue Gate = Epilogue.Sigmoid | Epilogue.Multiply;

    public static IEnumerable<OperatorCase> All => [.. Stem, .. Stages.SelectMany(Stage), .. Dilated, .. Head, .. Pipeline];

    private static IEnumerable<OperatorCase> Stem =>
    [
        Layer(3, 64, 3, 480, Epilogue.Relu, stride: 2),
        Layer(64, 64, 3, 240, Epilogue.Relu),
        Layer(64, 128, 3, 240, Epilogue.Relu),
        Large(new MaxPool(3, 2, 1), new Shape(1, 128, 240, 240)),
    ];

    /// <summary>Channels into the stage, planes p of its bottlenecks, plane before and after its first block.</summary>
    private static (int In, int Planes, int Before, int After)[] Stages =>
        [(128, 64, 120, 120), (256, 128, 120, 60), (512, 256, 60, 60), (1024, 512, 60, 60)];

    private static IEnumerable<OperatorCase> Stage((int In, int Planes, int Before, int After) stage)
    {
        (int channels, int p, int before, int after) = stage;
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
        yield return Large(new StripMeans(), x);
        yield return Large(Conv(p, p, (3, 1)), Strips(x)[0]);
        yield return Large(Conv(p, p, (1, 3)), Strips(x)[1]);
        yield return WithStrips(CaseSize.Large, Conv(p, p, 1), Gate, x);
    }

    private static IEnumerable<OperatorCase> Dilated =>
    [
        Layer(256, 256, 3, 60, Epilogue.Relu, dilation: 2),
        Layer(512, 512, 3, 60, Epilogue.Relu, dilation: 4),
        Layer(512, 512, 3, 60, Epilogue.Relu, dilation: 8),
        Layer(512, 512, 3, 60, Epilogue.Relu, dilation: 16),
    ];

    private static IEnumerable<OperatorCase> Head =>
    [
        Layer(2048, 1024, 1, 60, Epilogue.Relu),
        Large(new AdaptiveAveragePool(20), new Shape(1, 256, 60, 60)),
        Large(new AdaptiveAveragePool(12), new Shape(1, 256, 60, 60)),
        Layer(256, 256, 3, 60, Epilogue.None),
        Layer(256, 256, 3, 20, Epilogue.None),
        Layer(256, 256, 3, 12, Epilogue.None),
        Large(new UpsampleAddRelu(), new Shape(1, 256, 60, 60), new Shape(1, 256, 20, 20), new Shape(1, 256, 12, 12)),
        WithStrips(CaseSize.Large, Conv(256, 256, 3), Epilogue.Relu, new Shape(1, 256, 60, 60)),
        Layer(512, 1024, 1, 60, Residual),
        Layer(1024, 512, 3, 60, Epilogue.Relu),
        Layer(512, 150, 1, 60, Epilogue.None),
    ];

    /// <summary>What runs around the network, and the operators for networks of one's own on planes of the same size.</summary>
    private static IEnumerable<OperatorCase> Pipeline =>
    [
        Large(new NormalizeRgb(ColourStatistics.ImageNet), new Shape(1, 3, 480, 480)),
        Large(new ArgMaxUpsampled(480), new Shape(1, 150, 60, 60)),
        Large(new AccumulateProbabilities(480, (480, 640)), new Shape(1, 150, 60, 60)) with { Origin = (0, 160) },
        Large(new CornerAlignedBilinear(480), new Shape(1, 19, 60, 60)),
        Large(new Softmax(), new Shape(1, 150, 60, 60)),
        Large(new StripGate(), [new Shape(1, 256, 60, 60), .. Strips(new Shape(1, 256, 60, 60))]),
        Large(new ExpandAdd(Relu: true), Strips(new Shape(1, 256, 60, 60))),
        Large(new BatchNorm(256), new Shape(1, 256, 120, 120)),
        Large(new Concat(), new Shape(1, 256, 60, 60), new Shape(1, 256, 60, 60)),
        .. Enum.GetValues<PointwiseKind>().Select(kind => new Pointwise(kind))
            .Select(function => Large(function, [.. Enumerable.Repeat(new Shape(1, 256, 120, 120), function.IsBinary ? 2 : 1)])),
    ];

    private static OperatorCase Layer(int channels, int outputs, Size2D kernel, int size, Epilogue epilogue, int stride = 1, int dilation = 1) =>
        With(CaseSize.Large, Conv(channels, outputs, kernel, stride, dilation), epilogue, new Shape(1, channels, size, size));
}
