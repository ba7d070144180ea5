using SpGpu.Data;
using SpGpu.Data.Datasets;
using SpGpu.Data.Tests;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary>From pictures with coloured labels to a trained network, with nothing but the tool.</summary>
public sealed class DatasetMakingTests : IDisposable
{
    private const int Width = 30, Height = 20, Pictures = 10;

    private static readonly Palette _palette = new([new Rgb(0, 0, 255), new Rgb(200, 0, 0), new Rgb(0, 100, 0)]);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Of picture i the left half is of class i % 3, the rest of the next.</summary>
    public DatasetMakingTests()
    {
        Directory.CreateDirectory(_folder.File("coloured"));
        for (int i = 0; i < Pictures; i++)
        {
            TinyNetwork.WritePicture(_folder, $"pictures/images/{i}.png", Width, Height);
            byte[] pixels = [.. Labels(i).SelectMany(label => new[] { _palette[label].R, _palette[label].G, _palette[label].B })];
            new RgbImage(pixels, Width, Height, 3 * Width, PixelOrder.Rgb).Write(_folder.File($"coloured/{i}.png"));
        }
    }

    private string Palette => _folder.Write("palette.txt", "0 0 255\n200 0 0\n0 100 0\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Coloured_labels_become_a_network()
    {
        string labels = _folder.File("pictures/labels"), pictures = _folder.File("pictures"), configuration = _folder.File("mine.yaml");
        Spgpu converted = Spgpu.Run("dataset", "convert", _folder.File("coloured"), "--palette", Palette, "--out", labels).Done();
        Assert.Equal($"train with: classes=3 colors_path={Palette}", converted.Lines[^1]);
        for (int i = 0; i < Pictures; i++)
            Assert.Equal(Labels(i), LabelMap.Read(Path.Combine(labels, $"{i}.png")).Labels);
        Spgpu.Run("dataset", "check", pictures, "--classes", "3").Done();
        Spgpu split = Spgpu.Run("dataset", "split", pictures, "--validation", "0.2").Done();
        string train = Path.Combine(pictures, "train.txt"), validation = Path.Combine(pictures, "validation.txt");
        Assert.Contains($"data_root={train} val_root={validation}", split.Out, StringComparison.Ordinal);
        string[] seen = [.. SampleList.Read(train, pictures).Select(sample => sample.Image)];
        string[] held = [.. SampleList.Read(validation, pictures).Select(sample => sample.Image)];
        Assert.Equal((8, 2, 10), (seen.Length, held.Length, seen.Union(held).Count()));

        Spgpu.Run("train", configuration, "--init", "folder").Done();
        Spgpu.Run("train", configuration, "--init", "folder").Fails(1, "is there already");
        string run = _folder.File("run");
        string[] settings =
        [
            $"data_root={train}", $"val_root={validation}", "classes=3", $"colors_path={Palette}",
            "stem=[4,4,8]", "planes=[4,4,8,8]", "blocks=[1,1,1,1]",
            "train_h=16", "train_w=24", "batch_size=2", "accumulation=1", "epochs=1",
        ];
        Spgpu trained = Spgpu.Run(["train", configuration, .. settings, "--device", "cpu", "--out", run]).Done();
        Assert.Contains("val", trained.Out, StringComparison.Ordinal);
        Spgpu.Run("segment", Path.Combine(pictures, "images"), "--weights", Path.Combine(run, "last.safetensors"), "--device", "cpu",
            "--out", _folder.File("out"), "--only", "labels").Done();
        Assert.Equal(Pictures, Directory.GetFiles(_folder.File("out")).Length);
        // The colours that the labels had are those of the result.
        byte[] shown = RgbImage.Read(_folder.File("out/0.png")).Pixels;
        Assert.Empty(shown.Chunk(3).Select(rgb => new Rgb(rgb[0], rgb[1], rgb[2])).Except(_palette));
    }

    [Fact]
    public void Colours_are_listed_for_a_palette()
    {
        Spgpu run = Spgpu.Run("dataset", "convert", _folder.File("coloured")).Done();
        string palette = _folder.Write("found.txt", run.Out);
        // Of ten pictures class 0 and class 1 have seven halves each, class 2 has six.
        Assert.Equal(_palette.ToHashSet(), Data.Palette.Read(palette).ToHashSet());
        Assert.Equal(_palette[2], Data.Palette.Read(palette)[2]);
        TinyNetwork.WritePicture(_folder, "coloured/photo.png");
        Spgpu.Run("dataset", "convert", _folder.File("coloured")).Fails(3, "more than 256 colours", "photo.png");
    }

    [Fact]
    public void A_colour_of_no_class_is_named_or_does_not_count()
    {
        string palette = _folder.Write("two.txt", "0 0 255\n200 0 0\n"), file = _folder.File("coloured/1.png");
        string[] run = ["dataset", "convert", file, "--palette", palette, "--out", _folder.File("out")];
        Spgpu.Run(run).Fails(3, "0 100 0 in 300 of 600 pixels is no colour of the palette");
        Spgpu.Run([.. run, "--ignore-others"]).Done();
        byte[] expected = [.. Labels(1).Select(label => label == 2 ? LabelMap.Ignore : label)];
        Assert.Equal(expected, LabelMap.Read(_folder.File("out/1.png")).Labels);
        Spgpu.Run("dataset", "convert", file, "--palette", palette, "--out", _folder.File("coloured"))
            .Fails(3, "would replace a picture that is read");
    }

    [Fact]
    public void A_colour_means_one_class()
    {
        string palette = _folder.Write("twice.txt", "0 0 255\n200 0 0\n0 0 255\n");
        Spgpu.Run("dataset", "convert", _folder.File("coloured"), "--palette", palette, "--out", _folder.File("out"))
            .Fails(3, "twice.txt' has 0 0 255 for class 0 and for class 2");
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("--out", "labels")]
    [InlineData("--ignore-others")]
    public void What_only_a_palette_has_a_use_for_is_not_passed_over(params string[] options) =>
        Spgpu.Run(["dataset", "convert", _folder.File("coloured"), .. options]).Fails(2, $"{options[0]} belongs to --palette");

    [Fact]
    public void A_split_is_the_same_again_and_another_with_another_seed()
    {
        Spgpu.Run("dataset", "convert", _folder.File("coloured"), "--palette", Palette, "--out", _folder.File("pictures/labels")).Done();
        string[] first = Split("0"), again = Split("0"), other = Split("1");
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Spgpu.Run("dataset", "split", _folder.File("pictures"), "--validation", "1")
            .Fails(2, "--validation 1: give a number between 0 and 1");

        string[] Split(string seed)
        {
            Spgpu.Run("dataset", "split", _folder.File("pictures"), "--seed", seed).Done();
            return File.ReadAllLines(_folder.File("pictures/train.txt"));
        }
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("camvid")]
    [InlineData("streets")]
    [InlineData("ade20k")]
    [InlineData("cityscapes")]
    public void A_configuration_to_start_from_is_one(string name)
    {
        string path = _folder.File("mine.yaml");
        Spgpu.Run("train", path, "--init", name).Done();
        Assert.DoesNotContain(File.ReadAllLines(path), line => line.Contains("train config/", StringComparison.Ordinal));
        // It is read, and then asks for pictures that are not here.
        Spgpu run = Spgpu.Run("train", path, "--device", "cpu", "--out", _folder.File("run"));
        Assert.Equal(3, run.Code);
    }

    [Fact]
    public void All_settings_are_listed()
    {
        string keys = Spgpu.Run("train", "--keys").Done().Out;
        string configuration = _folder.Write("c.yaml", "");
        Assert.Contains("  base_lr (0.01)", keys, StringComparison.Ordinal);
        Assert.Contains("DATA:", keys, StringComparison.Ordinal);
        Assert.DoesNotContain('`', keys);
        Assert.DoesNotContain("](", keys, StringComparison.Ordinal);
        Assert.All(keys.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        // What the tool knows is what it suggests for a key that it does not.
        foreach (string key in (string[])["data_root", "warmup_steps", "class_weights", "ohem_min_kept", "save_steps", "colors"])
        {
            Assert.Contains(key, keys, StringComparison.Ordinal);
            Spgpu.Run("train", configuration, $"{key}x=1").Fails(2, $"'{key}'");
        }
        Spgpu.Run("train").Fails(2, "no configuration; name one");
        Spgpu.Run("train", _folder.File("nosuch.yaml")).Fails(2, "no such file", "'spgpu train --init folder'");
        Spgpu.Run("train", _folder.Path).Fails(2, "it is a folder", "'spgpu train --init folder'");
    }

    private static byte[] Labels(int picture) =>
        [.. Enumerable.Range(0, Width * Height).Select(i => (byte)((i % Width < Width / 2 ? picture : picture + 1) % 3))];
}
