using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests.Runs;

/// <summary>Runs that keep an average of their weights.</summary>
public sealed class AverageRunTests : IDisposable
{
    private const string Parameter = "head.score_layer.4.bias";
    private const string OfStep = $"training.weights.{Parameter}";

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_network_of_a_checkpoint_is_the_average_and_the_weights_of_the_step_lie_beside_it()
    {
        Train("with", null, "ema=0.9", "epochs=2");
        Train("without", null, "epochs=2");
        var with = Checkpoint.Read(_run.File("with/last.safetensors"));
        var without = Checkpoint.Read(_run.File("without/last.safetensors"));
        Assert.Null(without.Average);
        AssertSame(without.State, with.State);
        AssertSame(without.Momenta, with.Momenta);
        using (var file = WeightsFile.Open(_run.File("with/last.safetensors")))
            AssertSame(with.Average!, StateDict.Load(file));
        Assert.NotEqual(with.State[Parameter].Floats, with.Average![Parameter].Floats);
        with.Write(_run.File("again.safetensors"));
        Assert.Equal(File.ReadAllBytes(_run.File("with/last.safetensors")), File.ReadAllBytes(_run.File("again.safetensors")));
        using var device = Device.Open("cpu");
        using SpNet net = SpNet.Load(_run.File("with/best.safetensors"), device);
        Assert.True(net.Report.IsExact);
    }

    [Fact]
    public void Where_none_was_kept_it_starts_and_where_none_is_kept_any_more_it_goes()
    {
        // The rate does not depend on the epochs, so that shorter runs are the beginning of a longer one.
        Train("out", null, "epochs=1", "power=0");
        Train("out", "auto", "epochs=2", "power=0", "ema=0.9");
        Assert.NotNull(Checkpoint.Read(Last).Average);
        Assert.Contains("note: ema was 0 and is 0.9 from here on", _run.Lines);
        Train("out", "auto", "epochs=3", "power=0");
        Train("whole", null, "epochs=3", "power=0");
        Checkpoint resumed = Checkpoint.Read(Last), whole = Checkpoint.Read(_run.File("whole/last.safetensors"));
        Assert.Null(resumed.Average);
        AssertSame(whole.State, resumed.State);
    }

    [Fact]
    public void An_auxiliary_head_that_is_left_out_goes_from_the_average_as_well()
    {
        Train("out", null, "epochs=1", "ema=0.9");
        Train("out", "auto", "epochs=2", "ema=0.9", "aux_weight=0");
        var read = Checkpoint.Read(Last);
        Assert.DoesNotContain(read.State.Names.Concat(read.Average!.Names), name => name.StartsWith("aux", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_or_averages_that_cannot_be_are_refused()
    {
        Train("out", null, "epochs=1", "ema=0.9");
        Refused($"1 missing ('{Parameter}')", tensors => tensors.Remove(OfStep));
        Refused($"average: 1 missing ('{Parameter}')", tensors => tensors.Remove(Parameter));
        Refused($"the average of '{Parameter}' is NaN", tensors => tensors[Parameter] = new HostTensor([0, 0, 0, 0, float.NaN], 5));
        Refused($"'{Parameter}' is infinite", tensors => tensors[OfStep] = new HostTensor([0, 0, 0, 0, float.PositiveInfinity], 5));
        Refused("average: 'pretrained.bn1.running_var' has values of another type, or a negative count or variance",
            tensors => tensors["pretrained.bn1.running_var"] = new HostTensor([-1f, 1, 1, 1, 1, 1, 1, 1], 8));
    }

    private string Last => _run.File("out/last.safetensors");

    private void Train(string folder, string? resume, params string[] settings)
    {
        using var device = Device.Open("cpu", new() { Threads = 2 });
        TrainingConfiguration configuration = _run.Configuration([$"val_root={_run.File("pictures")}", .. settings]);
        TrainingRun.Run(configuration, device, _run.Options(folder, resume));
    }

    private void Refused(string message, Action<StateDict> change)
    {
        byte[] good = File.ReadAllBytes(Last);
        StateDict tensors = SafeTensors.Read(Last);
        Dictionary<string, string> metadata = new(tensors.Metadata);
        change(tensors);
        SafeTensors.Write(Last, tensors, metadata);
        WeightsException error = Assert.Throws<WeightsException>(() => Train("out", "auto", "epochs=2", "ema=0.9"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        File.WriteAllBytes(Last, good);
    }

    private static void AssertSame(StateDict expected, StateDict actual)
    {
        Assert.Equal(expected.Names, actual.Names);
        foreach ((string name, HostTensor tensor) in expected)
            Assert.True(tensor.Data.Cast<object>().SequenceEqual(actual[name].Data.Cast<object>()), $"{name} differs");
    }
}
