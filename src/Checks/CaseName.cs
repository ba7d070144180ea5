namespace SpGpu.Checks;

/// <summary>Readable names of cases: the operator, its parameters, the shapes, then whatever is out of the ordinary.</summary>
internal static class CaseName
{
    public static string Of(OperatorCase @case)
    {
        List<string> words = [Describe(@case.Specification), string.Join(' ', @case.Inputs)];
        if (@case.Specification is Convolution convolution)
            words.AddRange(Epilogues(convolution));
        if (@case.Origin != default)
            words.Add(FormattableString.Invariant($"at {@case.Origin.Height},{@case.Origin.Width}"));
        if (@case.Content != Content.Uniform)
            words.Add(Lower(@case.Content));
        if (@case.InputPlacement != Placement.Contiguous)
            words.Add($"in-{Lower(@case.InputPlacement)}");
        if (@case.OutputPlacement != Placement.Contiguous)
            words.Add($"out-{Lower(@case.OutputPlacement)}");
        return string.Join(' ', words);
    }

    private static string Describe(Specification specification) => specification switch
    {
        Convolution c => Geometry(c),
        StripMeans { OverHeight: false } => "strip means over width",
        StripMeans { OverWidth: false } => "strip means over height",
        MaxPool p => FormattableString.Invariant($"max pool {p.Kernel}x{p.Kernel} s{p.Stride} p{p.Padding}"),
        TrainableConvolution t => $"trainable {Geometry(t.Forward)}{(t.HasBias ? " bias" : "")}",
        ConvolutionInputGradient g => $"input gradient of {Geometry(g.Forward)} to {g.Plane}",
        ConvolutionFilterGradient g => $"filter gradient of {Geometry(g.Forward)}",
        StripMeansGradient g => $"gradient of {Describe(new StripMeans(g.OverWidth, g.OverHeight))} to {g.Plane}",
        AdaptiveAveragePoolGradient g => $"{g.Name} to {g.Plane}",
        MaxPoolGradient g => $"gradient of {Describe(g.Forward)}",
        CornerAlignedBilinearGradient g => $"{g.Name} to {g.Plane}",
        ChannelSlice s => FormattableString.Invariant($"channel slice {s.First}+{s.Count}"),
        CrossEntropy c => Loss(c.Name, c),
        CrossEntropyGradient g => Loss(FormattableString.Invariant($"{g.Name} times {g.Factor}"), g.Forward),
        HardExamples h => FormattableString.Invariant($"hard examples below {h.Threshold} at least {h.MinKept} ignore {h.Ignored}"),
        RunningStatistics r => FormattableString.Invariant($"running statistics of {r.Count}"),
        SgdStep s => FormattableString.Invariant($"sgd step of {s.Length} momentum {s.Momentum} decay {s.WeightDecay}"),
        AdaptiveAveragePool p => $"adaptive average pool to {p.Output}",
        CornerAlignedBilinear b => $"bilinear to {b.Output}",
        ArgMaxUpsampled a => $"arg-max upsampled to {a.Output}",
        AccumulateProbabilities a => $"accumulate probabilities {a.Window} in {a.Map}{Mirror(a.Mirrored)}",
        NormalizeRgb n => n.Name + Mirror(n.Mirrored),
        _ => specification.Name,
    };

    private static string Geometry(Convolution c) => FormattableString.Invariant(
        $"conv {c.Kernel} s{Short(c.Stride)} p{Short(c.Padding)} d{Short(c.Dilation)} {c.InChannels}->{c.OutChannels}");

    private static string Loss(string name, CrossEntropy loss) =>
        FormattableString.Invariant($"{name}{(loss.Weighted ? " weighted" : "")} ignore {loss.Ignored}");

    private static IEnumerable<string> Epilogues(Convolution convolution)
    {
        if (convolution.ExpandAddRelu)
            yield return "expand-add-relu-on-load";
        if (convolution.Epilogue != Epilogue.None)
            yield return Lower(convolution.Epilogue).Replace(", ", "+", StringComparison.Ordinal);
    }

    private static string Mirror(bool mirrored) => mirrored ? " mirrored" : "";

    private static string Short(Size2D size) =>
        size.Height == size.Width ? FormattableString.Invariant($"{size.Height}") : size.ToString();

    private static string Lower<T>(T value)
        where T : Enum => value.ToString().ToLowerInvariant();
}
