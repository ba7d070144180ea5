using CsCheck;
using SpGpu.Data.Transforms;

namespace SpGpu.Data.Tests.Transforms;

public class SampleTransformTests
{
    private static readonly TrainAugmentation _augmentation = new() { CropWidth = 15, CropHeight = 11, ScaleMax = 1.75, RotateMin = -1, RotateMax = 3 };

    [Fact]
    public void Augmentation_draws_in_the_official_order() =>
        Gen.Select(Pictures.Any, Gen.ULong, Gen.Int[0, 200], Gen.Int[0, 30_000]).Sample((picture, seed, epoch, index) =>
        {
            var draws = new SampleRandom(seed, epoch, index);
            LabelledPicture expected = picture.Scale(0.5 + 1.25 * draws.NextDouble());
            if (draws.NextDouble() < 0.5)
                expected = expected.Rotate(-1 + 4 * draws.NextDouble());
            if (draws.NextDouble() < 0.5)
                expected = expected.Blur();
            if (draws.NextDouble() < 0.5)
                expected = expected.Flip();
            expected = expected.Pad(15, 11);
            int top = (int)(draws.NextDouble() * (expected.Height - 11 + 1)), left = (int)(draws.NextDouble() * (expected.Width - 15 + 1));

            TrainSample sample = _augmentation.Apply(picture, new SampleRandom(seed, epoch, index));
            Same(expected.Crop(left, top, 15, 11).Normalize(), sample);
        }, iter: 200);

    [Fact]
    public void Centre_crop_leaves_the_same_on_both_sides()
    {
        LabelledPicture large = Pictures.Make(20, 16, seed: 1), small = Pictures.Make(6, 20, seed: 2);
        var crop = new CentreCrop(15, 11);
        Same(large.Crop(2, 2, 15, 11).Normalize(), crop.Apply(large, new SampleRandom(1, 2, 3)));
        Same(small.Pad(15, 11).Crop(0, 4, 15, 11).Normalize(), crop.Apply(small, new SampleRandom(1, 2, 3)));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        Refused((_augmentation with { ScaleMin = 2 }).Apply, "scale_min 2");
        Refused((_augmentation with { ScaleMin = 0 }).Apply, "scale_min 0");
        Refused((_augmentation with { ScaleMax = double.NaN }).Apply, "scale_max");
        Refused((_augmentation with { RotateMin = 4 }).Apply, "rotate_min 4");
        Refused((_augmentation with { CropWidth = 0 }).Apply, "0 x 11");
        Refused(new CentreCrop(5, -1).Apply, "5 x -1");
    }

    [Fact]
    public void Random_numbers_are_those_of_an_independent_program()
    {
        Assert.Equal([0.1296456182997474, 0.049920065672091285, 0.6703283700586791], Draw(new SampleRandom(0, 0, 0), 3));
        Assert.Equal([0.3305959951611247, 0.010849698532280239, 0.6693412085674317], Draw(new SampleRandom(2020, 7, 20209), 3));
        Assert.Equal([0.9147542551997356, 0.31860550159608714], Draw(new SampleRandom(ulong.MaxValue, 1, -1), 2));
    }

    [Fact]
    public void Integers_reach_both_ends_evenly()
    {
        var random = new SampleRandom(1, 2, 3);
        int[] counts = new int[5];
        for (int i = 0; i < 10_000; i++)
            counts[random.NextInt(4)]++;
        Assert.All(counts, count => Assert.InRange(count, 1850, 2150)); // 2000, deviation 40
        Assert.Equal(0, random.NextInt(0));
    }

    private static double[] Draw(SampleRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];

    private static void Refused(Func<LabelledPicture, SampleRandom, TrainSample> apply, string part) =>
        Check.Throws<ConfigurationException>(() => apply(Pictures.Make(3, 3, seed: 0), new SampleRandom(0, 0, 0)), part);

    private static void Same(TrainSample expected, TrainSample actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        Assert.Equal(expected.Image, actual.Image);
        Assert.Equal(expected.Labels, actual.Labels);
    }
}
