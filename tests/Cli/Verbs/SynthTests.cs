using SpGpu.Data;
using SpGpu.Data.Tests;
using SpGpu.Synth;
using Xunit;

namespace SpGpu.Cli.Tests.Verbs;

/// <summary><c>spgpu synth</c>.</summary>
public sealed class SynthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_the_scenes_that_the_library_makes()
    {
        string target = _folder.File("streets");
        Spgpu run =
            Spgpu.Run("synth", "--out", target, "--count", "2", "--seed", "3", "--size", "64x48", "--split", "test", "--cut").Done();
        Assert.StartsWith("wrote 2 scenes of 12 classes", run.Out, StringComparison.Ordinal);
        SyntheticScene scene = SyntheticScenes.Generate(
            new() { Width = 64, Height = 48, Seed = 3, Split = SynthSplit.Test, CutThinObjects = true }, 1);
        Assert.Equal(scene.Image.Pixels, RgbImage.Read(Path.Combine(target, "images", "00001.png")).Pixels);
        Assert.Equal(scene.Labels.Labels, LabelMap.Read(Path.Combine(target, "labels", "00001.png")).Labels);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(target, "objects")).Length);
    }

    [Theory]
    [InlineData(2, "--count 0", "--count", "0")]
    [InlineData(2, "--count 100001", "--count", "100001")]
    [InlineData(2, "width 8", "--size", "8x64")]
    [InlineData(2, "--size 64", "--size", "64")]
    [InlineData(2, "--split", "--split", "holdout")]
    public void Wrong_options_are_named(int code, string text, params string[] options) =>
        Spgpu.Run(["synth", "--out", _folder.File("none"), .. options]).Fails(code, text);

    [Fact]
    public void A_file_in_the_way_fails() =>
        Spgpu.Run("synth", "--size", "16x16", "--out", _folder.Write("file", "x")).Fails(1, "cannot make folder");
}
