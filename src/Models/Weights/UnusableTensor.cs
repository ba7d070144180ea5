namespace SpGpu.Models.Weights;

/// <summary>A tensor with numbers that no network can use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Problem">What is wrong with them: <c>holds NaN or infinity</c>.</param>
public sealed record UnusableTensor(string Name, string Problem);
