namespace SpGpu.Gpu.Checks;

/// <summary>
/// One element of an output of an operator, computed by itself in double precision; (i, j) count from where the
/// operator starts to write.
/// </summary>
public delegate Estimate Element(int n, int c, int i, int j);

/// <summary>
/// Every operator in plain C# in double precision, straight from the formula in its specification and one output
/// element at a time: slow, and unlike any way in which a device computes it.
/// </summary>
public static partial class Reference
{
    /// <summary>The elements of each output of <paramref name="case"/> on <paramref name="data"/>.</summary>
    public static Element[] Of(OperatorCase @case, CaseData data)
    {
        ArgumentNullException.ThrowIfNull(@case);
        ArgumentNullException.ThrowIfNull(data);
        Samples x = data.Inputs[0];
        return @case.Specification switch
        {
            Convolution convolution => [Convolve(convolution, data)],
            StripMeans means => Strips(means, x),
            StripGate => [Gate(x, data.Inputs[1], data.Inputs[2])],
            ExpandAdd expand => [Expand(x, data.Inputs[1], expand.Relu)],
            UpsampleAddRelu => [UpsampledSum(x, data.Inputs[1], data.Inputs[2])],
            AdaptiveAveragePool pool => [BinMean(x, pool.Output)],
            MaxPool pool => [WindowMaximum(x, pool)],
            Bilinear bilinear => [Interpolate(x, bilinear.Output)],
            Concat => [Joined(data.Inputs)],
            BatchNorm => [ScaledAndShifted(x, data.Weight!, data.Bias!)],
            Pointwise pointwise => [Each(pointwise.Kind, data)],
            Softmax => [Probability(x)],
            NormalizeRgb normalize => [Normalized(x, normalize.Mirrored)],
            ArgMaxUpsampled argMax => [Label(x, argMax.Output)],
            AccumulateProbabilities accumulate => [Accumulated(accumulate, x, data.Before[0]!, @case.Origin)],
            _ => throw new ShapeException($"there is no reference for '{@case.Specification.Name}'"),
        };
    }
}
