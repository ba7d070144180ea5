using SpGpu.Data;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests;

/// <summary>Names and colours of classes in the metadata of weights.</summary>
public sealed class NetworkClassesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spgpu-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_reads_as_the_same()
    {
        var classes = new NetworkClasses(new ClassNames(["sky", "traffic light", "Bäume, Büsche"]), Palette.Distinct(3));
        var read = NetworkClasses.Read(classes.Metadata, 3, "f");
        Assert.Equal(classes.Names!, read.Names!);
        Assert.Equal(classes.Colours!, read.Colours!);
        Assert.Equal(new NetworkClasses(null, null), NetworkClasses.Read(new NetworkClasses(null, null).Metadata, 3, "f"));
    }

    [Theory]
    [InlineData("class_names", "a\nb", "there are 2 names for 3 classes")]
    [InlineData("class_names", "a\n\nc", "the name of class 1 is empty")]
    [InlineData("class_names", "a\nb\n\u001b[31m", "the name of class 2 is empty, longer than 100 letters or has a control character")]
    [InlineData("class_colours", "000000 808080", "there are 2 colours for 3 classes")]
    [InlineData("class_colours", "000000 808080 80808", "is no colour of six hexadecimal digits")]
    [InlineData("class_colours", "000000 808080 0x8080", "is no colour of six hexadecimal digits")]
    public void What_cannot_be_used_is_refused(string key, string text, string message)
    {
        string error = Assert.Throws<WeightsException>(
            () => NetworkClasses.Read(new Dictionary<string, string> { [$"network.{key}"] = text }, 3, "f.safetensors")).Message;
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains($"'f.safetensors' has network.{key} in its metadata", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Converting_keeps_them_and_takes_others()
    {
        var first = new NetworkClasses(new ClassNames(["a", "b"]), Palette.Distinct(2));
        SafeTensors.Write(File("a"), new StateDict { ["x"] = new HostTensor(new float[1], 1) }, first.Metadata);
        using (var file = WeightsFile.Open(File("a")))
        {
            file.Convert(File("b"));
            file.Convert(File("c"), new NetworkClasses(new ClassNames(["c", "d"]), null).Metadata);
        }
        using var kept = WeightsFile.Open(File("b"));
        using var renamed = WeightsFile.Open(File("c"));
        Assert.Equal(first.Metadata, kept.Metadata);
        Assert.Equal(["c", "d"], NetworkClasses.Read(renamed.Metadata, 2, "c").Names!);
        Assert.Equal(first.Colours!, NetworkClasses.Read(renamed.Metadata, 2, "c").Colours!);
    }

    private string File(string name) => Path.Combine(_folder, name);
}
