namespace SpGpu.Data.Datasets;

/// <summary>One picture of a dataset and its labels, as files.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Label">The PNG with the label of every pixel; null where a list has pictures alone.</param>
public sealed record Sample(string Image, string? Label);
