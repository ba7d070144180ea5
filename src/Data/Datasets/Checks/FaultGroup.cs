namespace SpGpu.Data.Datasets.Checks;

/// <summary>All faults of one kind.</summary>
/// <param name="Fault">The kind.</param>
/// <param name="Count">How many.</param>
/// <param name="Examples">Messages about the first ones: what, where, how to mend it.</param>
/// <param name="Unlisted">How many have no message.</param>
public sealed record FaultGroup(DatasetFault Fault, int Count, IReadOnlyList<string> Examples, int Unlisted);
