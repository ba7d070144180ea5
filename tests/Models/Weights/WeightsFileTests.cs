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
        string[] parallel = ["module.conv.weight", "module.bn.weight"];
        Assert.Equal(["conv.weight", "bn.weight"], ModelNames.Of(parallel));
        parallel = [.. parallel, "other"];
        Assert.Equal(parallel, ModelNames.Of(parallel));
    }

    [Fact]
    public void Old_names_with_a_bias_in_the_strips_are_kept()
    {
        byte[] pickle = PickleBuilder.Start().Op("}").Text("module.layer4.0.spm.conv1.bias").Tensor("0", 1, 0, [1], [1]).Op("s").Stop();
        Assert.Equal(["layer4.0.spm.conv1.bias"], Reading.Model(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(1))), "memory").Names);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("x", "no .safetensors, .pth or .onnx file")]
    [InlineData("<!DOCTYPE html><html>", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git-lfs")]
    [InlineData("\uFEFF\r\n  <html>", "web page")]
    [InlineData("{\"epoch\": 3, \"x\": 1}", "a JSON text")]
    [InlineData("GGUF\u0003", "GGUF")]
    [InlineData("II*\0", "a picture (TIFF)")]
    public void Other_files_are_refused_with_a_hint(string content, string problem) =>
        Assert.Contains(problem, Refusal.Of(System.Text.Encoding.UTF8.GetBytes(content)));

    [Theory]
    [InlineData("934E554D5059010076007B", "an array of NumPy (.npy)", "save_file")]
    [InlineData("894844460D0A1A0A", "an HDF5 file", "a network")]
    [InlineData("89504E470D0A1A0A", "a picture (PNG)", "a network")]
    [InlineData("FFD8FFE000104A46", "a picture (JPEG)", "a network")]
    [InlineData("0808120773706770750000", "ONNX", "a network")]
    [InlineData("1F8B0800000000000003", "an archive (gzip)", "unpack")]
    public void What_a_file_is_instead_is_said(string hex, string kind, string remedy)
    {
        byte[] file = Convert.FromHexString(hex);
        Action[] readers =
        [
            () => Reading.Model(file, "bad.file"), () => Reading.SafeTensors(file, "bad.file"), () => Reading.Checkpoint(file, "bad.file"),
        ];
        foreach (Action read in readers)
        {
            Assert.Contains(kind, Refusal.Of(read));
            Assert.Contains(remedy, Refusal.Of(read));
            Assert.DoesNotContain("damaged", Refusal.Of(read));
        }
    }

    [Theory]
    [InlineData("sd_zip.pth", "a zip archive, such as a PyTorch checkpoint")]
    [InlineData("sd_legacy.pth", "a pickle, such as an old PyTorch checkpoint")]
    public void A_checkpoint_is_no_safetensors_file(string file, string kind)
    {
        string message = Refusal.Of(() => Reading.SafeTensors(Fixtures.Bytes(file), "bad.file"));
        Assert.Contains(kind, message);
        Assert.Contains("spgpu convert", message);
        WeightsException error = Assert.Throws<WeightsException>(() => SafeTensors.Open(Fixtures.File(file), "a harp is needed"));
        Assert.Equal($"'{Fixtures.File(file)}' is {kind}, and a harp is needed", error.Message);
        SafeTensors.Open(Fixtures.File("expected_sd.safetensors"), "a harp is needed").Dispose();
    }

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
                Assert.Equal([name], Reading.Model(file).Names);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_device_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices have other names there");
        Assert.Contains("'/dev/null' is a pipe or a device", Assert.Throws<WeightsException>(() => Reading.Model("/dev/null")).Message);
    }

    [Fact]
    public void A_path_that_cannot_be_read_is_named()
    {
        string missing = Path.Combine(Path.GetTempPath(), "bad.file");
        Assert.Contains($"'{missing}'", Assert.Throws<WeightsException>(() => Reading.Model(missing)).Message);
        string message = Assert.Throws<WeightsException>(() => Reading.Model(Path.GetTempPath())).Message;
        Assert.Contains("is a folder; name a weights file", message);
        Assert.Throws<WeightsException>(() => Reading.Model(""));
    }
}
