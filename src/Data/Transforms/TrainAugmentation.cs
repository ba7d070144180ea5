namespace SpGpu.Data.Transforms;

/// <summary>
/// The augmentation that the published networks were trained with: random scale, rotation, blur, mirroring and crop,
/// then normalisation. Time and memory are those of the crop, whatever the size of the picture.
/// </summary>
public sealed record TrainAugmentation : ISampleTransform
{
    /// <summary>Width of the crop in pixels.</summary>
    public required int CropWidth { get; init; }

    /// <summary>Height of the crop in pixels.</summary>
    public required int CropHeight { get; init; }

    /// <summary>The smallest factor of the size.</summary>
    public double ScaleMin { get; init; } = 0.5;

    /// <summary>The largest factor of the size.</summary>
    public double ScaleMax { get; init; } = 2;

    /// <summary>The smallest angle in degrees, counter-clockwise.</summary>
    public double RotateMin { get; init; } = -10;

    /// <summary>The largest angle in degrees, counter-clockwise.</summary>
    public double RotateMax { get; init; } = 10;

    /// <summary>Whether there is blur; without it the others stay as drawn.</summary>
    public bool Blurs { get; init; } = true;

    /// <summary>How far the factors of brightness, contrast and saturation are from 1, below 1; 0 for none.</summary>
    public double ColorJitter { get; init; }

    /// <summary>
    /// The sample. Drawn in this order: scale; whether to rotate (p = 1/2) and only then the angle; whether to blur
    /// (1/2); whether to mirror (1/2); the crop's top, then its left, each from all that fit; brightness, contrast and
    /// saturation, if colours change.
    /// </summary>
    /// <exception cref="ConfigurationException">A range is empty, a scale not positive, or the crop has no pixels.</exception>
    public TrainSample Apply(LabelledPicture picture, SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(random);
        Check();
        double scale = Between(ScaleMin, ScaleMax);
        Turn? turn = null;
        (int width, int height) = picture.ScaledSize(scale);
        // By 0 degrees every pixel stays where it is.
        if (Coin() && Between(RotateMin, RotateMax) is not 0 and var degrees)
            turn = new Turn(degrees, width, height);
        bool blur = Coin() && Blurs, flip = Coin();
        int top = random.NextInt(Math.Max(height - CropHeight, 0)), left = random.NextInt(Math.Max(width - CropWidth, 0));
        // What the crop shows of the scaled picture, and all that is ever made of it: a large one is larger than memory.
        var part = new Window(left, top, Math.Min(width, CropWidth), Math.Min(height, CropHeight));
        if (flip)
            part = part with { Left = width - part.Right };
        // Only the border of the picture is mirrored, so what the blur reads beside the part must be there.
        Window source = blur ? part.Grow(LabelledPicture.BlurMargin, width, height) : part;
        LabelledPicture crop = turn is { } turned ? picture.ScaleAndRotate(scale, turned, source) : picture.Scale(scale, source);
        if (blur)
            crop = crop.Blur().Crop(part.Left - source.Left, part.Top - source.Top, part.Width, part.Height);
        if (ColorJitter > 0)
            crop = crop.Recolour(Factor(), Factor(), Factor());
        return crop.Normalize(flip, CropWidth, CropHeight);

        double Between(double min, double max) => min + (max - min) * random.NextDouble();
        float Factor() => (float)Between(1 - ColorJitter, 1 + ColorJitter);
        bool Coin() => random.NextDouble() < 0.5;
    }

    private void Check()
    {
        if (!(ScaleMin > 0 && ScaleMin <= ScaleMax && double.IsFinite(ScaleMax)))
            throw new ConfigurationException(
                FormattableString.Invariant($"scale_min {ScaleMin}, scale_max {ScaleMax} are no range; choose 0 < scale_min <= scale_max"));
        if (!(RotateMin <= RotateMax && double.IsFinite(RotateMin) && double.IsFinite(RotateMax)))
            throw new ConfigurationException(FormattableString
                .Invariant($"rotate_min {RotateMin}, rotate_max {RotateMax} are no range; choose rotate_min <= rotate_max"));
        if (!(ColorJitter >= 0 && ColorJitter < 1))
            throw new ConfigurationException(
                FormattableString.Invariant($"color_jitter {ColorJitter} is out of range; choose 0 to below 1"));
        CropSize.Check(CropWidth, CropHeight);
    }
}
