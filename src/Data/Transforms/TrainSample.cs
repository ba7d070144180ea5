namespace SpGpu.Data.Transforms;

/// <summary>What a network trains on: one picture, normalised, and its labels.</summary>
/// <param name="Image">Channel, row, column: 3 x height x width values.</param>
/// <param name="Labels">Row, column: height x width classes or <see cref="LabelMap.Ignore"/>.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
public sealed record TrainSample(float[] Image, byte[] Labels, int Width, int Height);
