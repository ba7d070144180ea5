namespace SpGpu.Checks;

/// <summary>The registry of operator cases.</summary>
public static class OperatorCases
{
    /// <summary>Every case, by operator, the large ones last.</summary>
    public static IReadOnlyList<OperatorCase> All { get; } =
        [.. Check.All.SelectMany(check => check.Cases.Concat(Apart(check))).OrderBy(@case => @case.Size == CaseSize.Large)];

    /// <summary>The cases of no more than the given size.</summary>
    public static IEnumerable<OperatorCase> UpTo(CaseSize size) => All.Where(@case => @case.Size <= size);

    /// <summary>
    /// For each way that an operator takes its inputs, a tiny case with every tensor of whole vectors in turn at images of which
    /// only the first is aligned: a kernel that looks no further faults.
    /// </summary>
    private static IEnumerable<OperatorCase> Apart(Check check) =>
        from @case in check.Cases.Where(@case => @case.Size == CaseSize.Tiny && Tensors(@case).Any(HasAlignedImages))
            // Kernels that walk rows want those of whole vectors too.
            .OrderByDescending(@case => Tensors(@case).Count(shape => (shape.W & 3) == 0))
            .DistinctBy(@case => (@case.Specification.Name, @case.Inputs.Length))
        from tensor in Tensors(@case).Index()
        where HasAlignedImages(tensor.Item)
        select @case with { Apart = tensor.Index };

    private static IEnumerable<Shape> Tensors(OperatorCase @case) => @case.Inputs.Concat(@case.Outputs);

    private static bool HasAlignedImages(Shape shape) => shape.N > 1 && (shape.Plane & 3) == 0;
}
