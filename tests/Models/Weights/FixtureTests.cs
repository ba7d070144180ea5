using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

public class FixtureTests
{
    [Theory]
    [InlineData("sd_zip.pth", "expected_sd.safetensors")]
    [InlineData("sd_legacy.pth", "expected_sd.safetensors")]
    [InlineData("sd_cudatag_zip.pth", "expected_sd.safetensors")]
    [InlineData("sd_cudatag_legacy.pth", "expected_sd.safetensors")]
    [InlineData("ckpt_zip.pth", "expected_sd.safetensors")]
    [InlineData("ckpt_legacy.pth", "expected_sd.safetensors")]
    [InlineData("mixed_zip.pth", "expected_mixed.safetensors")]
    [InlineData("mixed_legacy.pth", "expected_mixed.safetensors")]
    [InlineData("expected_sd.safetensors", "expected_sd.safetensors")]
    public void Loads_every_bit(string file, string expected) =>
        Fixtures.AssertSame(SafeTensors.Read(Fixtures.File(expected)), Reading.Model(Fixtures.File(file)), inOrder: false);

    /// <summary>Written by PyTorch 2.11 on an H100: tensors on the GPU, views, channels last, half and brain floats.</summary>
    [Theory]
    [InlineData("gpu_zip.pth")]
    [InlineData("gpu_legacy.pth")]
    public void What_lay_on_a_gpu_or_is_a_view_is_read_in_its_order(string file)
    {
        StateDict read = Reading.Model(Fixtures.File(file));
        Assert.Equal(["module.conv.weight", "half", "brain", "t", "tail", "param", "n", "empty", "cl"], read.Names);
        Assert.Equal(Enumerable.Range(0, 8 * 3 * 3 * 3).Select(i => i / 7f), read["module.conv.weight"].Floats);
        Assert.Equal([1.5f, -2.25f], read["half"].Floats);
        Assert.Equal([3.140625f], read["brain"].Floats);
        Assert.Equal([4, 3], read["t"].Shape);
        Assert.Equal([0f, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], read["t"].Floats);
        Assert.Equal([6f, 7, 10, 11], read["tail"].Floats);
        Assert.Equal([1f, 1], read["param"].Floats);
        Assert.Equal([7L], (long[])read["n"].Data);
        Assert.Equal([0, 4], read["empty"].Shape);
        Assert.Equal(Enumerable.Range(0, 2 * 3 * 2 * 2).Select(i => (float)i), read["cl"].Floats);
    }

    [Theory]
    [InlineData("ckpt_zip.pth")]
    [InlineData("ckpt_legacy.pth")]
    public void A_checkpoint_keeps_its_epoch_and_the_names_of_the_file(string file)
    {
        using var model = WeightsFile.Open(Fixtures.File(file));
        Assert.Equal(3, model.Epoch);
        using WeightsFile whole = PyTorchCheckpoint.Open(Fixtures.File(file));
        Assert.Equal(3, whole.Epoch);
        string[] names = [.. whole.Names.Where(name => name.StartsWith("state_dict/", StringComparison.Ordinal))];
        Assert.Equal(model.Names.Select(name => $"state_dict/module.{name}"), names);
    }

    [Theory]
    [InlineData("ckpt_zip.pth")]
    [InlineData("ckpt_legacy.pth")]
    public void The_momentum_of_the_optimiser_can_be_reached(string file)
    {
        StateDict all = Reading.Checkpoint(Fixtures.File(file));
        var momentum = new StateDict();
        foreach ((string index, _) in SafeTensors.Read(Fixtures.File("expected_ckpt_momentum.safetensors")))
            momentum[index] = all[$"optimizer/state/{index}/momentum_buffer"];
        Fixtures.AssertSame(SafeTensors.Read(Fixtures.File("expected_ckpt_momentum.safetensors")), momentum);
        Assert.True(all.TryGet("state_dict/module.conv.weight", out _));
    }

    [Fact]
    public void A_state_dict_keeps_the_order_of_the_model() => Assert.Equal(
        ["conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked", "head.weight", "head.bias"],
        Reading.Model(Fixtures.File("sd_zip.pth")).Names);
}
