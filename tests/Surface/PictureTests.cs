using SpGpu.Data;
using SpGpu.Data.Drawing;
using SpGpu.Data.Metrics;
using SpGpu.Data.Tests;
using SpGpu.Synth;

namespace SpGpu.Surface.Tests;

/// <summary>Pictures, label maps and what surrounds them, from memory to files and back.</summary>
public sealed class PictureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pixels_of_another_order_become_a_picture()
    {
        var image = new RgbImage([3, 2, 1, 255, 6, 5, 4, 255], width: 2, height: 1, stride: 8, PixelOrder.Bgra);
        Assert.Equal([1, 2, 3, 4, 5, 6], image.Pixels);
        Assert.Equal((4, 3), (image.Resize(4, 3).Width, RgbImage.SideBySide(image.Resize(4, 3), image.Resize(4, 3)).Height));
    }

    [Fact]
    public void A_folder_is_read_ahead_while_its_pictures_are_used()
    {
        for (int i = 0; i < 3; i++)
            new RgbImage(new byte[12], 2, 2, 6, PixelOrder.Rgb).Write(_folder.File($"{i}.png"));
        IReadOnlyList<string> files = ImageList.Expand([_folder.Path]);
        var reader = new PictureReader(files);
        foreach (string file in files)
        {
            RgbImage image = reader.Take();
            reader.Begin();
            Assert.Equal(RgbImage.Read(file).Pixels, image.Pixels);
        }
        Assert.Equal(3, files.Count);
    }

    [Fact]
    public void Labels_have_names_and_colours()
    {
        var palette = new Palette([new Rgb(0, 0, 0), new Rgb(255, 0, 0)]);
        var map = new LabelMap([0, 1, 1, LabelMap.Ignore], 2, 2);
        map.Write(_folder.File("map.png"), palette);
        Assert.Equal(map.Labels, LabelMap.Read(_folder.File("map.png")).Labels);
        Assert.Equal([1, 2], map.Shares(2));
        var picture = new RgbImage(new byte[3 * 200 * 4], 200, 4, 600, PixelOrder.Rgb);
        RgbImage legend = PictureLegend.Below(picture, new ClassNames(["sky", "road"]), palette, new LabelMap(new byte[800], 200, 4));
        Assert.True(legend.Height > picture.Height);
        Assert.Equal((150, "wall", 19), (ClassNames.Ade20k.Count, ClassNames.Ade20k[0], Palette.Cityscapes.Count));
        Assert.Equal(("PASCAL VOC", 21, 21), (ClassNames.UsualSource(21), ClassNames.Voc.Count, Palette.Voc.Count));
    }

    [Fact]
    public void What_was_confused_can_be_written_for_a_spreadsheet()
    {
        var confusion = new ConfusionMatrix(2);
        confusion.Add(labels: [0, 0, 1, LabelMap.Ignore], predictions: [0, 1, 1, 0]);
        SegmentationScores scores = confusion.Score();
        Assert.Equal(0.5, scores.MeanIoU, 1e-6);
        ConfusionFile.Write(_folder.File("confusion.csv"), confusion, ["sky", "road"]);
        Assert.Equal(["label \\ prediction,sky,road", "sky,1,1", "road,0,1"], File.ReadAllLines(_folder.File("confusion.csv")));
    }

    [Fact]
    public void A_street_knows_its_thin_things()
    {
        SyntheticScene scene = SyntheticScenes.Generate(new() { Width = 64, Height = 48 }, index: 3);
        SynthClass[] thin = [SynthClass.Pole, SynthClass.LaneLine, SynthClass.GuardRail, SynthClass.Cable, SynthClass.Kerb];
        foreach (ThinObject thing in scene.ThinObjects)
        {
            Assert.Contains(thing.Class, thin);
            Assert.All(thing.CentreLine, (ImagePoint point) => Assert.InRange(point.X, 0, 64));
        }
        Assert.Equal(scene.ThinObjects.Sum(thing => thing.Pixels), scene.Objects.Count(number => number > 0));
    }
}
