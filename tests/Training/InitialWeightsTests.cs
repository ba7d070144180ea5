using SpGpu.Data.Tests;
using SpGpu.Layers;
using SpGpu.Models;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Training.Tests;

/// <summary>What a run starts from.</summary>
public sealed class InitialWeightsTests : IDisposable
{
    private static readonly SpNetArchitecture _architecture = SpNetArchitecture.Of(4, [4, 4, 8], [4, 4, 8, 8], [1, 2, 1, 1]);

    private readonly TemporaryFolder _folder = new();
    private readonly Graph _graph = SpNetGraph.Build(_architecture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_values_follow_from_the_seed()
    {
        StateDict state = InitialWeights.Make(_graph, 5, null).State;
        Assert.Equal(Initializer.Initialize(_graph, 5)["head.score_layer.4.weight"].Floats, state["head.score_layer.4.weight"].Floats);
    }

    [Fact]
    public void A_backbone_fills_the_backbone_and_the_first_of_what_it_lacks_are_named()
    {
        StateDict full = Initializer.Initialize(_graph, 9);
        var backbone = new StateDict { ["fc.weight"] = new HostTensor(new float[6], 2, 3) };
        foreach ((string name, HostTensor tensor) in full)
        {
            if (name.StartsWith("pretrained.", StringComparison.Ordinal) && !name.Contains(".spm.", StringComparison.Ordinal))
                backbone[name["pretrained.".Length..]] = tensor;
        }
        SafeTensors.Write(_folder.File("backbone.safetensors"), backbone);
        (StateDict state, string? report) = InitialWeights.Make(_graph, 5, _folder.File("backbone.safetensors"));
        StateDict fresh = Initializer.Initialize(_graph, 5);
        const string Taken = "pretrained.layer2.0.conv2.weight", Spm = "pretrained.layer2.1.spm.conv3.weight",
            Head = "head.score_layer.4.weight";
        Assert.Equal(full[Taken].Floats, state[Taken].Floats);
        Assert.Equal(fresh[Spm].Floats, state[Spm].Floats);
        Assert.Equal(fresh[Head].Floats, state[Head].Floats);
        // Counters of batches start at 0 and are not missed.
        int lacking = full.Names.Count(name => !backbone.TryGet(name.Replace("pretrained.", "", StringComparison.Ordinal), out _)
            && !name.EndsWith(".num_batches_tracked", StringComparison.Ordinal));
        string[] named = [.. report!.Split('\n').Where(line => line.StartsWith("  '", StringComparison.Ordinal))];
        Assert.InRange(named.Length, 1, 8);
        Assert.Contains($"{lacking} missing:\n{named[0]}\n", report, StringComparison.Ordinal);
        Assert.EndsWith($"  and {lacking - named.Length} more", report, StringComparison.Ordinal);
        Assert.DoesNotContain("fc.", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_for_other_classes_is_left_out()
    {
        StateDict other = Initializer.Initialize(SpNetGraph.Build(_architecture with { Classes = 7 }), 9);
        SafeTensors.Write(_folder.File("w.safetensors"), other);
        (StateDict state, string? report) = InitialWeights.Make(_graph, 5, _folder.File("w.safetensors"));
        Assert.Equal(other["head.trans_layer.0.weight"].Floats, state["head.trans_layer.0.weight"].Floats);
        Assert.Equal([4], state["head.score_layer.4.bias"].Shape);
        Assert.Contains("'head.score_layer.4.bias': [7] where [4] is needed", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_cannot_be_learnt_from_are_refused_by_name()
    {
        StateDict state = Initializer.Initialize(_graph, 9);
        state["pretrained.bn1.running_var"].Floats[0] = -1;
        SafeTensors.Write(_folder.File("w.safetensors"), state);
        string message = Assert.Throws<WeightsException>(() => InitialWeights.Make(_graph, 5, _folder.File("w.safetensors"))).Message;
        Assert.Contains("'pretrained.bn1.running_var' in '", message, StringComparison.Ordinal);
        Assert.Contains("w.safetensors' holds a negative variance", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counters_are_not_missed_and_prefixes_of_wrappers_are_taken_off()
    {
        var old = new StateDict();
        foreach ((string name, HostTensor tensor) in Initializer.Initialize(_graph, 9))
        {
            if (!name.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
                old[$"model.module.{name}"] = tensor;
        }
        SafeTensors.Write(_folder.File("w.safetensors"), old);
        (StateDict state, string? report) = InitialWeights.Make(_graph, 5, _folder.File("w.safetensors"));
        Assert.DoesNotContain("initial values", report, StringComparison.Ordinal);
        Assert.Equal([0L], (long[])state["pretrained.bn1.num_batches_tracked"].Data);
    }

    [Fact]
    public void A_file_of_something_else_is_an_error()
    {
        SafeTensors.Write(_folder.File("w.safetensors"), new StateDict { ["encoder.weight"] = new HostTensor(new float[2], 2) });
        Assert.Throws<WeightsException>(() => InitialWeights.Make(_graph, 5, _folder.File("w.safetensors")));
    }

    [Fact]
    public void A_network_of_other_widths_is_an_error_though_a_few_tensors_fit()
    {
        var wider = SpNetArchitecture.Of(4, [6, 6, 8], [6, 6, 12, 12], [1, 2, 1, 1]);
        SafeTensors.Write(_folder.File("w.safetensors"), Initializer.Initialize(SpNetGraph.Build(wider), 9));
        string message = Assert.Throws<WeightsException>(() => InitialWeights.Make(_graph, 5, _folder.File("w.safetensors"))).Message;
        Assert.Contains("fit the network", message, StringComparison.Ordinal);
    }
}
