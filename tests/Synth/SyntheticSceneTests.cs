using System.Security.Cryptography;
using SpGpu.Data;
using SpGpu.Data.Tests;

namespace SpGpu.Synth.Tests;

public class SyntheticSceneTests
{
    private static readonly SynthOptions _small = new() { Width = 96, Height = 72, Seed = 7 };

    [Fact]
    public void Same_options_give_the_same_scene_in_any_order()
    {
        SyntheticScene first = SyntheticScenes.Generate(_small, 3);
        SyntheticScenes.Generate(_small, 4);
        SyntheticScene again = SyntheticScenes.Generate(_small, 3);
        Assert.Equal(first.Image.Pixels, again.Image.Pixels);
        Assert.Equal(first.Labels.Labels, again.Labels.Labels);
        Assert.Equal(first.Objects, again.Objects);
        Assert.Equal(first.ThinObjects.Select(Describe), again.ThinObjects.Select(Describe));

        static string Describe(ThinObject t) => $"{t with { CentreLine = [] }} {string.Join(' ', t.CentreLine)}";
    }

    /// <summary>
    /// The generator is frozen: the shipped weights have learned from these scenes, and their log can only be repeated
    /// on them. Whoever needs other scenes adds an option that is off by default.
    /// </summary>
    [Theory]
    [InlineData(SynthSplit.Train, "F817E72730944C7B")]
    [InlineData(SynthSplit.Validation, "6FB445BC1F1F1C56")]
    [InlineData(SynthSplit.Test, "9E21CC85F63C1703")]
    public void Pixels_and_labels_are_those_recorded(SynthSplit split, string expected)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int index = 0; index < 8; index++)
            Add(_small with { Split = split }, index);
        Add(_small with { Split = split, CutThinObjects = true }, 0);
        Add(_small with { Split = split, Width = 320, Height = 240 }, 0);
        Assert.Equal(expected, Convert.ToHexString(hash.GetHashAndReset())[..16]);

        void Add(SynthOptions options, int index)
        {
            SyntheticScene scene = SyntheticScenes.Generate(options, index);
            hash.AppendData(scene.Image.Pixels);
            hash.AppendData(scene.Labels.Labels);
        }
    }

    [Fact]
    public void Splits_seeds_and_indices_differ()
    {
        SyntheticScene[] scenes =
        [
            SyntheticScenes.Generate(_small, 0),
            SyntheticScenes.Generate(_small, 1),
            SyntheticScenes.Generate(_small with { Seed = 8 }, 0),
            SyntheticScenes.Generate(_small with { Split = SynthSplit.Validation }, 0),
            SyntheticScenes.Generate(_small with { Split = SynthSplit.Test }, 0),
        ];
        for (int i = 0; i < scenes.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int different = scenes[i].Labels.Labels.Zip(scenes[j].Labels.Labels, (a, b) => a != b ? 1 : 0).Sum();
                Assert.True(different > 96 * 72 / 20, $"scenes {i} and {j} differ in {different} pixels");
            }
        }
    }

    [Theory]
    [InlineData(SynthSplit.Train)]
    [InlineData(SynthSplit.Validation)]
    [InlineData(SynthSplit.Test)]
    public void Every_class_is_common_enough(SynthSplit split)
    {
        long[] pixels = new long[12];
        int[] scenes = new int[12];
        for (int i = 0; i < 20 && !(scenes.All(s => s >= 2) && pixels.All(p => p > 30)); i++)
        {
            long[] shares = SyntheticScenes.Generate(_small with { Split = split }, i).Labels.Shares(12);
            for (int c = 0; c < 12; c++)
            {
                pixels[c] += shares[c];
                scenes[c] += shares[c] > 0 ? 1 : 0;
            }
        }
        for (int c = 0; c < 12; c++)
        {
            Assert.True(scenes[c] >= 2, $"{SynthClasses.Names[c]} is in only {scenes[c]} of 20 scenes");
            Assert.True(pixels[c] > 30, $"{SynthClasses.Names[c]} has {pixels[c]} pixels in 20 scenes");
        }
    }

    [Fact]
    public void Sky_and_road_are_of_different_colours_and_pictures_are_neither_black_nor_white()
    {
        for (int i = 0; i < 3; i++)
        {
            SyntheticScene scene = SyntheticScenes.Generate(_small, i);
            double mean = scene.Image.Pixels.Average(p => (double)p);
            Assert.InRange(mean, 60, 200);
            Assert.True(Mean(scene, SynthClass.Sky) > Mean(scene, SynthClass.Road) + 10, $"scene {i}");
        }
    }

    [Fact]
    public void Names_and_colours_fit_the_classes()
    {
        string[] names = [.. Enum.GetNames<SynthClass>().Select(n => n.ToUpperInvariant())];
        Assert.Equal(names, SynthClasses.Names.Select(n => n.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant()));
        Assert.Equal(names.Length, SynthClasses.Palette.Distinct().Count());
    }

    [Theory]
    [InlineData(15, 100, SynthSplit.Train, "width 15")]
    [InlineData(100, 2049, SynthSplit.Train, "height 2049")]
    [InlineData(100, -1, SynthSplit.Train, "height -1")]
    [InlineData(100, 100, (SynthSplit)3, "split")]
    public void Bad_options_are_errors(int width, int height, SynthSplit split, string part)
    {
        var options = new SynthOptions { Width = width, Height = height, Split = split };
        Check.Throws<ConfigurationException>(() => SyntheticScenes.Generate(options, 0), part);
        using var folder = new TemporaryFolder();
        Check.Throws<ConfigurationException>(() => SyntheticScenes.Write(folder.File("out"), options, 1), part);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void Bad_counts_and_indices_are_errors()
    {
        using var folder = new TemporaryFolder();
        Check.Throws<ConfigurationException>(() => SyntheticScenes.Generate(_small, -1), "-1");
        Check.Throws<ConfigurationException>(() => SyntheticScenes.Write(folder.Path, _small, 0), "0");
        Check.Throws<ConfigurationException>(() => SyntheticScenes.Write(folder.Path, _small, 100_001), "100001");
    }

    [Fact]
    public void Smallest_and_flat_pictures_can_be_made()
    {
        Assert.Equal(256, SyntheticScenes.Generate(_small with { Width = 16, Height = 16 }, 0).Labels.Labels.Length);
        Assert.Equal(16 * 700, SyntheticScenes.Generate(_small with { Width = 700, Height = 16 }, 0).Objects.Length);
    }

    private static double Mean(SyntheticScene scene, SynthClass kind) =>
        scene.Labels.Labels.Select((label, i) => (label, i)).Where(p => p.label == (byte)kind)
            .Average(p => (double)scene.Image.Pixels[3 * p.i + 1]);
}
