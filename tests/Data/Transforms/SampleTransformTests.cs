using CsCheck;
using SpGpu.Data.Transforms;

namespace SpGpu.Data.Tests.Transforms;

public class SampleTransformTests
{
    private static readonly TrainAugmentation _augmentation = new()
    {
        CropWidth = 15,
        CropHeight = 11,
        ScaleMax = 1.75,
        RotateMin = -1,
        RotateMax = 3,
    };

    [Fact]
    public void Augmentation_draws_in_the_official_order() =>
        Gen.Select(Pictures.Any, Gen.ULong, Gen.Int[0, 200], Gen.Int[0, 30_000]).Sample((picture, seed, epoch, index) =>
            CheckAugmentation(_augmentation, picture, seed, epoch, index), iter: 200);

    [Fact]
    public void Augmentation_of_the_crop_alone_is_that_of_the_whole_picture() =>
        Gen.Select(Pictures.Any, Gen.ULong, Gen.Int[1, 30], Gen.Int[1, 30], Gen.Double[0.05, 1], Gen.Double[1, 9])
            .Sample((picture, seed, width, height, least, most) =>
            CheckAugmentation(new()
            {
                CropWidth = width,
                CropHeight = height,
                ScaleMin = least,
                ScaleMax = most,
                RotateMin = -180,
                RotateMax = 180,
            }, picture, seed, 0, 0), iter: 500);

    [Fact]
    public void Augmentation_of_a_large_crop_is_that_of_the_whole_picture()
    {
        LabelledPicture picture = Pictures.Make(333, 280, seed: 1);
        var augmentation = new TrainAugmentation { CropWidth = 543, CropHeight = 300, ScaleMin = 1.5, RotateMin = -50, RotateMax = 50 };
        for (int index = 0; index < 12; index++)
            CheckAugmentation(augmentation, picture, 0, 0, index);
    }

    [Fact]
    public void Colours_are_drawn_last_and_blur_can_be_left_out() =>
        Gen.Select(Pictures.Any, Gen.ULong, Gen.Bool).Sample((picture, seed, blurs) =>
            CheckAugmentation(_augmentation with { ColorJitter = 0.4, Blurs = blurs }, picture, seed, 3, 5), iter: 100);

    private static void CheckAugmentation(TrainAugmentation a, LabelledPicture picture, ulong seed, int epoch, int index)
    {
        var draws = new SampleRandom(seed, epoch, index);
        LabelledPicture expected = picture.Scale(Between(a.ScaleMin, a.ScaleMax));
        if (draws.NextDouble() < 0.5)
            expected = expected.Rotate(Between(a.RotateMin, a.RotateMax));
        if (draws.NextDouble() < 0.5 && a.Blurs)
            expected = expected.Blur();
        if (draws.NextDouble() < 0.5)
            expected = expected.Flip();
        int top = draws.NextInt(Math.Max(0, expected.Height - a.CropHeight)),
            left = draws.NextInt(Math.Max(0, expected.Width - a.CropWidth));
        expected = expected.Crop(left, top, Math.Min(expected.Width, a.CropWidth), Math.Min(expected.Height, a.CropHeight));
        if (a.ColorJitter > 0)
            expected = expected.Recolour(Jitter(), Jitter(), Jitter());

        TrainSample sample = a.Apply(picture, new SampleRandom(seed, epoch, index));
        Same(expected.Pad(a.CropWidth, a.CropHeight).Normalize(), sample);

        double Between(double least, double most) => least + (most - least) * draws.NextDouble();
        float Jitter() => (float)Between(1 - a.ColorJitter, 1 + a.ColorJitter);
    }

    [Theory]
    [InlineData(5200, 5050)]
    [InlineData(2_000_000, 40)]
    [InlineData(3, 6_000_000)]
    public void A_picture_that_scaled_would_be_above_the_limit_takes_the_memory_of_the_crop(int width, int height)
    {
        var picture = new LabelledPicture(new RgbImage(new byte[3 * width * height], width, height, 3 * width, PixelOrder.Rgb),
            new LabelMap(new byte[width * height], width, height));
        TrainAugmentation augmentation = _augmentation with { ScaleMin = 19, ScaleMax = 20, RotateMin = -90, RotateMax = 90 };
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < 20; index++)
            Assert.Equal((15, 11), Size(augmentation.Apply(picture, new SampleRandom(0, 0, index))));
        Assert.Equal((15, 11), Size(new CentreCrop(15, 11).Apply(picture, new SampleRandom(0, 0, 0))));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);

        static (int, int) Size(TrainSample sample) => (sample.Width, sample.Height);
    }

    [Fact]
    public void A_picture_far_longer_than_high_is_not_padded_as_a_whole()
    {
        var picture = new LabelledPicture(new RgbImage(new byte[3_000_000], 1_000_000, 1, 3_000_000, PixelOrder.Rgb),
            new LabelMap(new byte[1_000_000], 1_000_000, 1));
        Assert.Equal((15, 300), new CentreCrop(15, 300).Apply(picture, new SampleRandom(0, 0, 0)) is var sample
            ? (sample.Width, sample.Height)
            : default);
        Assert.Equal(300, (_augmentation with { CropHeight = 300 }).Apply(picture, new SampleRandom(0, 0, 0)).Height);
    }

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
        Refused((_augmentation with { ColorJitter = 1 }).Apply, "color_jitter 1");
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
