using SpGpu.Gpu.Checks.Cases;

namespace SpGpu.Gpu.Checks;

/// <summary>The registry of operator cases.</summary>
public static class OperatorCases
{
    /// <summary>Every case, by operator, the large ones last.</summary>
    public static IReadOnlyList<OperatorCase> All { get; } =
    [
        .. ConvolutionCases.All, .. EpilogueCases.All, .. StripCases.All, .. PoolingCases.All, .. InterpolationCases.All,
        .. PointwiseCases.All, .. ClassCases.All, .. ConvolutionGradientCases.All, .. NormCases.All, .. StripGradientCases.All,
        .. ResamplingGradientCases.All, .. TrainingCases.All, .. LossCases.All, .. LargeCases.All, .. LargeTrainingCases.All,
    ];

    /// <summary>The cases of no more than the given size.</summary>
    public static IEnumerable<OperatorCase> UpTo(CaseSize size) => All.Where(@case => @case.Size <= size);
}
