using static SpGpu.Gpu.Checks.Cases.ConvolutionCases;
using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>Convolutions with every epilogue that SPNet uses, and with expand-add-relu made on load.</summary>
internal static class EpilogueCases
{
    private static readonly Epilogue[] _epilogues =
    [
        Epilogue.Relu, Epilogue.Sigmoid, Epilogue.Residual, Epilogue.Residual | Epilogue.Relu, Epilogue.Multiply,
        Epilogue.Relu | Epilogue.Multiply, Epilogue.Sigmoid | Epilogue.Multiply,
        Epilogue.Residual | Epilogue.Sigmoid | Epilogue.Multiply,
    ];

    private static readonly int[] _channels = [1, 64, 65, 130];

    public static IEnumerable<OperatorCase> All =>
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
        .. from epilogue in new[] { Epilogue.Residual | Epilogue.Relu, Epilogue.Sigmoid | Epilogue.Multiply }
           from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (8, 12), (7, 13) }
           from @case in Placed(With(CaseSize.Small, Conv(9, 20, kernel), epilogue, Shape(2, 9, plane)))
           select @case,
        .. from epilogue in new[] { Epilogue.None, Epilogue.Relu, Epilogue.Sigmoid | Epilogue.Multiply }
           select WithStrips(CaseSize.Tiny, Conv(3, 4, 1), epilogue, new Shape(1, 3, 3, 5)),
        WithStrips(CaseSize.Tiny, Conv(3, 2, 3), Epilogue.Relu, new Shape(1, 3, 4, 5)),
        .. from epilogue in new[] { Epilogue.None, Epilogue.Relu, Epilogue.Sigmoid | Epilogue.Multiply }
           from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (1, 1), (7, 9), (8, 16), (17, 65), (60, 60) }
           select WithStrips(CaseSize.Small, Conv(17, 18, kernel), epilogue, Shape(2, 17, plane)),
        .. from channels in _channels
           select WithStrips(CaseSize.Small, Conv(channels, channels, 1), Epilogue.Sigmoid | Epilogue.Multiply, new Shape(1, channels, 9, 12)),
        .. from kernel in new Size2D[] { 1, 3 }
           from plane in new Size2D[] { (8, 12), (7, 13) }
           from @case in Placed(WithStrips(CaseSize.Small, Conv(9, 20, kernel), Epilogue.Sigmoid | Epilogue.Multiply, Shape(2, 9, plane)))
           select @case,
    ];

    /// <summary>The convolution of an input of shape <paramref name="x"/> with an epilogue and the inputs that it takes.</summary>
    public static OperatorCase With(CaseSize size, Convolution convolution, Epilogue epilogue, Shape x) =>
        Complete(size, convolution with { Epilogue = epilogue }, x, [x]);

    /// <summary>The same on the column and the row that expand to <paramref name="x"/>.</summary>
    public static OperatorCase WithStrips(CaseSize size, Convolution convolution, Epilogue epilogue, Shape x) =>
        Complete(size, convolution with { Epilogue = epilogue, ExpandAddRelu = true }, x, Strips(x));

    private static OperatorCase Complete(CaseSize size, Convolution convolution, Shape x, Shape[] sources)
    {
        Shape output = (convolution with { Epilogue = Epilogue.None, ExpandAddRelu = false }).Infer([x])[0];
        int extra = (convolution.Epilogue.HasFlag(Epilogue.Residual) ? 1 : 0) + (convolution.Epilogue.HasFlag(Epilogue.Multiply) ? 1 : 0);
        return new OperatorCase(convolution, [.. sources, .. Enumerable.Repeat(output, extra)], size);
    }
}
