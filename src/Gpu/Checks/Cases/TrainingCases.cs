using static SpGpu.Gpu.Checks.Cases.Make;

namespace SpGpu.Gpu.Checks.Cases;

/// <summary>What else training needs: slices of channels, dropout, the gradient of softmax, optimiser steps.</summary>
internal static class TrainingCases
{
    private static readonly int[] _classes = [1, 2, 19, 65, 150];
    private static readonly int[] _lengths = [1, 4, 63, 64, 65, 1025, 100_003];

    public static IEnumerable<OperatorCase> All => [.. Slices, .. Scales, .. Softmaxes, .. Steps];

    /// <summary>Channels times factors.</summary>
    public static OperatorCase Scale(CaseSize size, Shape x) => new(new ScaleChannels(), [x, x with { H = 1, W = 1 }], size);

    private static IEnumerable<OperatorCase> Slices =>
    [
        Tiny(new ChannelSlice(1, 2), new Shape(2, 4, 5, 7)),
        .. Planes.Select(plane => Small(new ChannelSlice(3, 5), Shape(2, 9, plane))),
        Small(new ChannelSlice(0, 4), new Shape(2, 4, 7, 9)),
        Small(new ChannelSlice(0, 1), new Shape(3, 67, 7, 9)),
        Small(new ChannelSlice(66, 1), new Shape(3, 67, 7, 9)),
        .. Placed(Small(new ChannelSlice(3, 2), new Shape(2, 5, 8, 12))),
        .. Placed(Small(new ChannelSlice(1, 3), new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Scales =>
    [
        Scale(CaseSize.Tiny, new Shape(2, 3, 5, 7)),
        .. Planes.Select(plane => Scale(CaseSize.Small, Shape(2, 5, plane))),
        Scale(CaseSize.Small, new Shape(3, 65, 8, 8)),
        .. Placed(Scale(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(Scale(CaseSize.Small, new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Softmaxes =>
    [
        Softmax(CaseSize.Tiny, new Shape(2, 3, 5, 7)),
        .. Planes.Select(plane => Softmax(CaseSize.Small, Shape(2, 5, plane))),
        .. _classes.Select(classes => Softmax(CaseSize.Small, new Shape(1, classes, 7, 9))),
        .. Placed(Softmax(CaseSize.Small, new Shape(2, 5, 8, 12))),
        .. Placed(Softmax(CaseSize.Small, new Shape(2, 5, 7, 13))),
    ];

    private static IEnumerable<OperatorCase> Steps =>
    [
        Step(CaseSize.Tiny, 7),
        .. _lengths.Select(length => Step(CaseSize.Small, length)),
        Step(CaseSize.Small, 129, momentum: 0f),
        Step(CaseSize.Small, 129, decay: 0f),
        .. Placed(Step(CaseSize.Small, 120)),
        .. Placed(Step(CaseSize.Small, 91)),
    ];

    /// <summary>The gradient of a softmax.</summary>
    public static OperatorCase Softmax(CaseSize size, Shape x) => new(new SoftmaxGradient(), [x, x], size);

    /// <summary>A step of that many parameters.</summary>
    public static OperatorCase Step(CaseSize size, int length, float momentum = 0.9f, float decay = 1e-4f) =>
        new(new SgdStep(length, momentum, decay), [new Shape(1, 1, 1, 1)], size);
}
