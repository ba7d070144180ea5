using SpGpu.Data.Transforms;
using SpGpu.Synth;

namespace SpGpu.OwnNetwork;

/// <summary>Batches of synthetic streets, as networks take them.</summary>
/// <param name="split">Those of training and of validation have other walls, cars and people.</param>
/// <param name="count">Pictures of a batch.</param>
/// <param name="width">Their width in pixels.</param>
/// <param name="height">Their height in pixels.</param>
internal sealed class Streets(SynthSplit split, int count, int width, int height)
{
    /// <summary>The pictures, normalised: image, channel, row, column; and the classes of their pixels: image, row, column.</summary>
    public (float[] Images, byte[] Labels) Batch(int number)
    {
        var options = new SynthOptions { Split = split, Width = width, Height = height };
        TrainSample[] samples = new TrainSample[count];
        Parallel.For(0, count, i =>
        {
            SyntheticScene scene = SyntheticScenes.Generate(options, number * count + i);
            samples[i] = new LabelledPicture(scene.Image, scene.Labels).Normalize();
        });
        return ([.. samples.SelectMany(sample => sample.Image)], [.. samples.SelectMany(sample => sample.Labels)]);
    }
}
