namespace SpGpu.Layers;

/// <summary>A cross entropy that training minimises.</summary>
/// <param name="Output">
/// The output of the graph that holds the logits (N,classes,h,w); they are interpolated to the size of the labels.
/// </param>
/// <param name="Factor">Its share in the sum of losses: 1, or 0.4 for the auxiliary head of SPNet.</param>
public sealed record LossTerm(string Output, double Factor);

/// <summary>The value of a <see cref="LossTerm"/> for one batch, before its factor.</summary>
/// <param name="Value">The mean over the pixels that count; NaN where none does.</param>
/// <param name="Weight">The number of pixels that count, or the sum of their class weights.</param>
public readonly record struct LossValue(double Value, double Weight);
