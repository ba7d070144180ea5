namespace SpGpu.Checks;

/// <summary>The registry of operator cases.</summary>
public static class OperatorCases
{
    /// <summary>Every case, by operator, the large ones last.</summary>
    public static IReadOnlyList<OperatorCase> All { get; } =
        [.. Check.All.SelectMany(check => check.Cases).OrderBy(@case => @case.Size == CaseSize.Large)];

    /// <summary>The cases of no more than the given size.</summary>
    public static IEnumerable<OperatorCase> UpTo(CaseSize size) => All.Where(@case => @case.Size <= size);
}
