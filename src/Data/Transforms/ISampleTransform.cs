namespace SpGpu.Data.Transforms;

/// <summary>Makes of a picture of any size what a network trains on or is validated with.</summary>
public interface ISampleTransform
{
    /// <summary>The sample; all samples of one transform have the same size.</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="random">All randomness comes from here.</param>
    /// <exception cref="ImageException">The picture becomes too large on the way.</exception>
    TrainSample Apply(LabelledPicture picture, SampleRandom random);
}
