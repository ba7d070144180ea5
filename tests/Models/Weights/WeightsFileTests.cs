using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

public class WeightsFileTests
{
    private static StateDict One(string name) => new() { [name] = new HostTensor(new float[1], 1) };

    [Fact]
    public void A_prefix_that_all_names_have_is_stripped()
    {
        var tensor = new HostTensor(new float[1], 1);
        var parallel = new StateDict { ["module.conv.weight"] = tensor, ["module.bn.weight"] = tensor };
        Assert.Equal(["conv.weight", "bn.weight"], WeightsFile.StripModulePrefix(parallel).Names);
        parallel["other"] = tensor;
        Assert.Equal(parallel.Names, WeightsFile.StripModulePrefix(parallel).Names);
    }

    [Fact]
    public void Old_names_with_a_bias_in_the_strips_are_kept()
    {
        byte[] pickle = PickleBuilder.Start().Op("}").Text("module.layer4.0.spm.conv1.bias").Tensor("0", 1, 0, [1], [1]).Op("s").Stop();
        Assert.Equal(["layer4.0.spm.conv1.bias"], WeightsFile.Read(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(1))), "memory").Names);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("x", "neither a .safetensors nor a .pth")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git-lfs")]
    public void Other_files_are_refused_with_a_hint(string content, string problem) =>
        Assert.Contains(problem, Refusal.Of(System.Text.Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_header_whose_length_looks_like_another_format_does_not_deceive()
    {
        // Headers grow by one byte a name, so that every last byte of the length occurs: also those of a pickle and of "PK".
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            for (int length = 1; length <= 256; length++)
            {
                string name = new('n', length);
                SafeTensors.Write(file, One(name));
                Assert.Equal([name], WeightsFile.Read(file).Names);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_path_that_cannot_be_read_is_named()
    {
        string missing = Path.Combine(Path.GetTempPath(), "bad.file");
        Assert.Contains($"'{missing}'", Assert.Throws<WeightsException>(() => WeightsFile.Read(missing)).Message);
        Assert.Contains("name a weights file", Assert.Throws<WeightsException>(() => WeightsFile.Read(Path.GetTempPath())).Message);
        Assert.Throws<WeightsException>(() => WeightsFile.Read(""));
    }
}
