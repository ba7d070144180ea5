namespace SpGpu.Checks;

/// <summary>Readable names of cases: the operator with its parameters, the shapes, then whatever is out of the ordinary.</summary>
internal static class CaseName
{
    public static string Of(OperatorCase @case)
    {
        List<string> words = [@case.Specification.ToString(), string.Join(' ', @case.Inputs)];
        if (@case.Origin != default)
            words.Add(FormattableString.Invariant($"at {@case.Origin.Height},{@case.Origin.Width}"));
        if (@case.Content != Content.Uniform)
            words.Add(Lower(@case.Content));
        if (@case.InputPlacement != Placement.Contiguous)
            words.Add($"in-{Lower(@case.InputPlacement)}");
        if (@case.OutputPlacement != Placement.Contiguous)
            words.Add($"out-{Lower(@case.OutputPlacement)}");
        if (@case.Apart is int number)
            words.Add(FormattableString.Invariant($"apart-{number}"));
        return string.Join(' ', words);
    }

    private static string Lower<T>(T value)
        where T : Enum => value.ToString().ToLowerInvariant();
}
