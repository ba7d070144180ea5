using System.Globalization;
using SpGpu.Layers;
using SpGpu.Models.Weights;
using SpGpu.Training.Configuration;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>Checkpoints that no run wrote are refused with a line, before anything changes.</summary>
public sealed class HostileCheckpointTests : IDisposable
{
    private static readonly string[] _numbers =
        ["step", "epoch", "batch", "best", "loss_sums", "loss_counts", "ignored_batches", "samples"];

    private readonly TinyRun _run = new();
    private readonly TrainingConfiguration _configuration;
    private readonly Dictionary<string, string> _metadata;
    private readonly StateDict _tensors;

    public HostileCheckpointTests()
    {
        _configuration = _run.Configuration();
        _run.StopAfter(3, _configuration, "out");
        string last = _run.File("out/last.safetensors");
        _metadata = new(SafeTensors.Read(last).Metadata);
        _tensors = SafeTensors.Read(last);
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void No_number_can_be_another_one()
    {
        string[] values = ["", "x", "-1", "4", "1e3", "1.5", "9223372036854775807", "-9223372036854775808", "99999999999999999999",
            "4294967299", "1e308 1e308 1e308", "-Infinity", "1e999 1", "NaN NaN", "0x3"];
        foreach (string key in _numbers)
        {
            foreach (string value in values)
                Refused($"{key}={value}", metadata => metadata[key] = value);
            Refused($"no {key}", metadata => metadata.Remove(key));
        }
    }

    [Fact]
    public void No_place_is_taken_that_the_run_does_not_have()
    {
        Refused("before the start", metadata => (metadata["epoch"], metadata["step"]) = ("-1", "-2"));
        Refused("beyond the end", metadata => (metadata["epoch"], metadata["step"]) = ("3", "18"));
        Refused(
            "far beyond the end", metadata => (metadata["epoch"], metadata["step"], metadata["batch"]) = ("400000000", "2000000000", "0"));
        Refused("an epoch that has only begun, with pictures", metadata => (metadata["step"], metadata["batch"]) = ("0", "0"));
    }

    [Fact]
    public void A_place_within_a_step_is_none()
    {
        _run.StopAfter(1, _run.Configuration("accumulation=2"), "two");
        File.Copy(_run.File("two/last.safetensors"), _run.File("out/last.safetensors"), overwrite: true);
        Dictionary<string, string> metadata = new(SafeTensors.Read(_run.File("two/last.safetensors")).Metadata) { ["batch"] = "3" };
        SafeTensors.Write(_run.File("hostile.safetensors"), SafeTensors.Read(_run.File("two/last.safetensors")), metadata);
        Assert.Throws<TrainingException>(
            () => _run.Fake(_run.Configuration("accumulation=2"), _run.Options("two", _run.File("hostile.safetensors"))));
    }

    [Fact]
    public void No_tensor_can_be_missing_or_another_one()
    {
        int number = 0;
        foreach ((string name, HostTensor tensor) in _tensors)
        {
            Refused($"no {name}", tensors: tensors => tensors.Remove(name));
            // The rest only for some, and differs among them, as all of it for all of them would take long.
            if (number++ % 5 != 0)
                continue;
            switch (number % 4)
            {
                case 0:
                    Refused($"{name} of one dimension more", tensors: tensors => tensors[name] = Like(tensor, [.. tensor.Shape, 1]));
                    break;
                case 1:
                    Refused($"{name} empty", tensors: tensors => tensors[name] = new HostTensor(Array.Empty<float>(), 0));
                    break;
                case 2:
                    Refused(
                        $"{name} of another type",
                        tensors: tensors =>
                            tensors[name] = tensor.Data is float[]? new HostTensor(new long[tensor.Count],
                                tensor.Shape) : new HostTensor(new float[tensor.Count], tensor.Shape));
                    break;
                default:
                    Refused($"{name} of bytes", tensors: tensors => tensors[name] = new HostTensor(new byte[tensor.Count], tensor.Shape));
                    break;
            }
            if (tensor.Data is float[] floats)
                Refused($"{name} with NaN", tensors: tensors =>
                    tensors[name] = new HostTensor([.. floats[..^1], number % 2 == 0 ? float.NaN : float.NegativeInfinity], tensor.Shape));
            else
                Refused($"{name} below zero",
                    tensors: tensors => tensors[name] = new HostTensor([.. Enumerable.Repeat(-1L, tensor.Count)], tensor.Shape));
        }
        Refused("one more", tensors: tensors => tensors["another.weight"] = new HostTensor([1f], 1));
        Refused("one more momentum", tensors: tensors => tensors["optimizer.another.weight"] = new HostTensor([1f], 1));
        Refused("one more of training", tensors: tensors => tensors["training.another"] = new HostTensor([1f], 1));
        Refused(
            "negative variance",
            tensors: tensors =>
                tensors["pretrained.bn1.running_var"] = new HostTensor(
                    [.. Enumerable.Repeat(-1f, tensors["pretrained.bn1.running_var"].Count)], tensors["pretrained.bn1.running_var"].Shape));
        Refused(
            "a huge counter",
            tensors: tensors => tensors["pretrained.bn1.num_batches_tracked"] =
                new HostTensor([long.MaxValue], tensors["pretrained.bn1.num_batches_tracked"].Shape));
    }

    [Fact]
    public void No_pixels_can_be_of_other_classes_or_more_than_there_were()
    {
        Refused("other classes", tensors: tensors => tensors["training.confusion"] = new HostTensor(new long[9], 3, 3));
        Refused("no square", tensors: tensors => tensors["training.confusion"] = new HostTensor(new long[25], 25));
        Refused("no classes", tensors: tensors => tensors["training.confusion"] = new HostTensor(Array.Empty<long>(), 0, 0));
        Refused("too many",
            tensors: tensors => tensors["training.confusion"] = new HostTensor([.. Enumerable.Repeat(long.MaxValue, 25)], 5, 5));
    }

    [Fact]
    public void What_a_run_wrote_is_taken()
    {
        Write(_metadata, _tensors);
        Assert.Equal(15, _run.Fake(_configuration, _run.Options("out", Hostile)).Step);
    }

    private string Hostile => _run.File("hostile.safetensors");

    private void Write(Dictionary<string, string> metadata, StateDict tensors) => SafeTensors.Write(Hostile, tensors, metadata);

    private void Refused(string what, Action<Dictionary<string, string>>? metadata = null, Action<StateDict>? tensors = null)
    {
        Dictionary<string, string> changed = new(_metadata);
        metadata?.Invoke(changed);
        var others = new StateDict();
        foreach ((string name, HostTensor tensor) in _tensors)
            others[name] = tensor;
        tensors?.Invoke(others);
        Write(changed, others);
        Dictionary<string, byte[]> files = _run.Files("out");
        Exception? error = Record.Exception(() => _run.Fake(_configuration, _run.Options("out", Hostile)));
        Assert.True(error is TrainingException or WeightsException,
            string.Create(CultureInfo.InvariantCulture, $"{what}: {error?.ToString() ?? "taken"}"));
        Assert.Contains(Hostile, error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(files, _run.Files("out"));
    }

    private static HostTensor Like(HostTensor tensor, int[] shape) => tensor.Data switch
    {
        float[] floats => new HostTensor(floats, shape),
        long[] integers => new HostTensor(integers, shape),
        _ => new HostTensor((byte[])tensor.Data, shape),
    };
}
