namespace SpGpu.Checks;

/// <summary>What <see cref="OperatorCheck"/> found.</summary>
/// <param name="Case">The case.</param>
/// <param name="Variant">The variant of the operator that ran.</param>
/// <param name="Error">
/// The error of the element that comes nearest to its tolerance, or exceeds it most, relative to the largest value of
/// the reference; of labels: by how much the logit of the label falls short of the largest one.
/// </param>
/// <param name="Tolerance">The error that this element may have, on the same scale.</param>
/// <param name="Message">What is wrong; null if nothing is.</param>
public sealed record CheckResult(OperatorCase Case, string Variant, double Error, double Tolerance, string? Message)
{
    /// <summary>Whether the operator does what its specification says.</summary>
    public bool Passed => Message is null;
}
