using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests.Runs;

/// <summary>Checkpoints of runs with Adam.</summary>
public sealed class AdamRunTests : IDisposable
{
    private const string Parameter = "head.score_layer.4.bias";

    private readonly TinyRun _run = new();
    private readonly TrainingConfiguration _configuration;

    public AdamRunTests()
    {
        _configuration = _run.Configuration("optimizer=adam", "base_lr=0.001", "epochs=1");
        Train(null);
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Both_moments_are_in_the_checkpoint_under_the_names_of_PyTorch()
    {
        StateDict tensors = SafeTensors.Read(Last);
        Assert.Contains(tensors[$"optimizer.{Parameter}.exp_avg"].Floats, value => value != 0);
        Assert.All(tensors[$"optimizer.{Parameter}.exp_avg_sq"].Floats, value => Assert.True(value > 0));
        Assert.DoesNotContain($"optimizer.{Parameter}", tensors.Names);
    }

    [Theory]
    [InlineData("exp_avg")]
    [InlineData("exp_avg_sq")]
    public void A_moment_that_is_missing_or_impossible_is_refused(string moment)
    {
        string name = $"optimizer.{Parameter}.{moment}";
        Refused($"1 missing ('{Parameter}.{moment}')", tensors => tensors.Remove(name));
        Refused($"'{Parameter}.{moment}' is NaN", tensors => tensors[name] = new HostTensor([0, 0, 0, 0, float.NaN], 5));
        if (moment == "exp_avg_sq")
            Refused("negative squares", tensors => tensors[name] = new HostTensor([0, 0, 0, 0, -1f], 5));
    }

    [Fact]
    public void It_does_not_go_on_with_the_other_optimiser()
    {
        TrainingException error = Assert.Throws<TrainingException>(
            () => _run.Fake(_run.Configuration("epochs=1", "base_lr=0.001"), _run.Options("out", "auto")));
        Assert.Contains("optimizer adam, and it is sgd now; give optimizer=adam, or start anew with weight=", error.Message,
            StringComparison.Ordinal);
    }

    private string Last => _run.File("out/last.safetensors");

    private void Train(string? resume)
    {
        using var device = Device.Open("cpu", new() { Threads = 2 });
        TrainingRun.Run(_configuration, device, _run.Options("out", resume));
    }

    private void Refused(string message, Action<StateDict> change)
    {
        byte[] good = File.ReadAllBytes(Last);
        StateDict tensors = SafeTensors.Read(Last);
        Dictionary<string, string> metadata = new(tensors.Metadata);
        change(tensors);
        SafeTensors.Write(Last, tensors, metadata);
        Assert.Contains(message, Assert.Throws<WeightsException>(() => Train("auto")).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Last, good);
    }
}
