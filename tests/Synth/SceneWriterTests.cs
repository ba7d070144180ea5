using System.Text.Json;
using SpGpu.Data;
using SpGpu.Data.Tests;

namespace SpGpu.Synth.Tests;

public class SceneWriterTests
{
    private static readonly SynthOptions _options = new() { Width = 96, Height = 64, Seed = 5, Split = SynthSplit.Test };

    [Fact]
    public void What_is_written_can_be_read_back()
    {
        using var folder = new TemporaryFolder();
        SyntheticScenes.Write(folder.File("new/set"), _options, 2);
        for (int i = 0; i < 2; i++)
        {
            SyntheticScene scene = SyntheticScenes.Generate(_options, i);
            Assert.Equal(scene.Image.Pixels, RgbImage.Read(folder.File($"new/set/images/0000{i}.png")).Pixels);
            Assert.Equal(scene.Labels.Labels, LabelMap.Read(folder.File($"new/set/labels/0000{i}.png")).Labels);
            CheckObjects(scene, folder.File($"new/set/objects/0000{i}.json"));
        }
        Assert.Equal(6, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Folder_that_cannot_be_made_is_an_error()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", "not a folder");
        Check.Throws<OutputException>(() => SyntheticScenes.Write(file, _options, 1), "file");
    }

    private static void CheckObjects(SyntheticScene scene, string path)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement[] things = [.. json.RootElement.GetProperty("objects").EnumerateArray()];
        Assert.Equal(scene.ThinObjects.Count, things.Length);
        for (int i = 0; i < things.Length; i++)
        {
            ThinObject thing = scene.ThinObjects[i];
            Assert.Equal(SynthClasses.Names[(int)thing.Class], things[i].GetProperty("class").GetString());
            Assert.Equal(thing.Width, things[i].GetProperty("width").GetDouble());
            Assert.Equal(thing.Length, things[i].GetProperty("length").GetDouble());
            Assert.Equal(thing.VisibleLength, things[i].GetProperty("visibleLength").GetDouble());
            Assert.Equal(thing.Angle, things[i].GetProperty("angle").GetDouble());
            Assert.Equal(thing.Pixels, things[i].GetProperty("pixels").GetInt32());
            Assert.Equal(thing.CentreLine.SelectMany(p => new[] { p.X, p.Y }),
                things[i].GetProperty("centreLine").EnumerateArray().Select(n => n.GetDouble()));
        }
        int[] runs = [.. json.RootElement.GetProperty("map").EnumerateArray().Select(n => n.GetInt32())];
        Assert.Equal(scene.Objects.Select(o => (int)o), runs.Chunk(2).SelectMany(run => Enumerable.Repeat(run[1], run[0])));
        Assert.Equal((96, 64), (json.RootElement.GetProperty("width").GetInt32(), json.RootElement.GetProperty("height").GetInt32()));
    }
}
