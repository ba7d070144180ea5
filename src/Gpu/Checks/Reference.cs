namespace SpGpu.Gpu.Checks;

/// <summary>
/// One element of an output of an operator, computed by itself in double precision; (i, j) count from where the
/// operator starts to write.
/// </summary>
public delegate Estimate Element(int n, int c, int i, int j);

/// <summary>Compares one element of an output of an operator with what a device computed.</summary>
internal delegate Finding Judge(int n, int c, int i, int j, float actual);

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
            CornerAlignedBilinear bilinear => [Interpolate(x, bilinear.Output)],
            Concat => [Joined(data.Inputs)],
            BatchNorm => [ScaledAndShifted(x, data.Weight!, data.Bias!)],
            Pointwise pointwise => [Each(pointwise.Kind, data)],
            Softmax => [Probability(x)],
            NormalizeRgb normalize => [Normalized(x, normalize)],
            ArgMaxUpsampled argMax => [Label(x, argMax.Output)],
            AccumulateProbabilities accumulate => [Accumulated(accumulate, x, data.Before[0]!, @case.Origin)],
            TrainableConvolution convolution => [Convolve(convolution.Forward, x, data.Inputs[1], convolution.HasBias ? data.Inputs[2] : null)],
            ConvolutionInputGradient gradient => [InputGradient(gradient.Forward, x, data.Inputs[1])],
            ConvolutionFilterGradient gradient => [FilterGradient(gradient.Forward, x, data.Inputs[1], data.Before[0]!)],
            ChannelSums => [ChannelSum(x, data.Before[0]!)],
            BatchStatistics => Statistics(x),
            BatchNormTransform => [Normalize(x, data.Inputs[1], data.Inputs[2], data.Inputs[3], data.Inputs[4])],
            BatchNormGradient gradient => NormalizeGradients(gradient.Frozen, data),
            RunningStatistics running => CarryOn(running, data),
            StripMeansGradient gradient => [StripsGradient(gradient, data)],
            StripGateGradient => GateGradients(x, data.Inputs[1], data.Inputs[2], data.Inputs[3]),
            ExpandAddGradient gradient => ExpandGradients(gradient.Relu, data),
            AdaptiveAveragePoolGradient gradient => [BinMeanGradient(x, gradient.Plane)],
            MaxPoolGradient gradient => [WindowMaximumGradient(gradient.Forward, x, data.Inputs[1])],
            CornerAlignedBilinearGradient gradient => [InterpolateGradient(x, gradient.Plane)],
            SoftmaxGradient => [ProbabilityGradient(x, data.Inputs[1])],
            ChannelSlice slice => [Sliced(slice, x)],
            ScaleChannels => [Scaled(x, data.Inputs[1])],
            SgdStep step => Step(step, data),
            CrossEntropy loss => Loss(loss, x, data.Inputs[1], loss.Weighted ? data.Inputs[2] : null),
            CrossEntropyGradient gradient => [LossGradient(gradient, data.Inputs)],
            HardExamples hard => [HardLabel(hard, data.Inputs)],
            _ => throw new ShapeException($"there is no reference for '{@case.Specification.Name}'"),
        };
    }

    /// <summary>What compares the elements of each output: labels by rules of their own, as the choice of one jumps.</summary>
    internal static Judge[] Judges(OperatorCase @case, CaseData data)
    {
        switch (@case.Specification)
        {
            case ArgMaxUpsampled argMax:
                return [(n, _, i, j, actual) => JudgeLabel(argMax, data.Inputs[0], (int)actual, n, i, j)];
            case HardExamples hard:
                HardSelection selection = Select(hard, data.Inputs);
                Shape map = data.Inputs[1].Shape;
                return [(n, _, i, j, actual) => selection.Judge((n * map.H + i) * map.W + j, actual)];
            default:
                return [.. Of(@case, data).Select(element => (Judge)((n, c, i, j, actual) => Finding.Of(element(n, c, i, j), actual)))];
        }
    }
}
