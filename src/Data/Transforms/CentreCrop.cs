namespace SpGpu.Data.Transforms;

/// <summary>What validation during training sees: the middle of the picture, padded where it is smaller, normalised.</summary>
/// <param name="Width">Width of the crop in pixels.</param>
/// <param name="Height">Height of the crop in pixels.</param>
public sealed record CentreCrop(int Width, int Height) : ISampleTransform
{
    /// <summary>The sample, cut out at half of what is left over, rounded down; nothing is drawn.</summary>
    /// <exception cref="ConfigurationException">The crop has no pixels.</exception>
    public TrainSample Apply(LabelledPicture picture, SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(picture);
        CropSize.Check(Width, Height);
        // Cut before it is padded: a long picture that is not as high as the crop would be large.
        int width = Math.Min(picture.Width, Width), height = Math.Min(picture.Height, Height);
        return picture.Crop((picture.Width - width) / 2, (picture.Height - height) / 2, width, height).Pad(Width, Height).Normalize();
    }
}
