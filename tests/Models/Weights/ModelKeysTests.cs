using SpGpu.Layers;
using SpGpu.Models.Weights;
using Xunit;

namespace SpGpu.Models.Tests.Weights;

/// <summary>Where checkpoints keep the network, and under which names.</summary>
public class ModelKeysTests
{
    private static readonly StateDict _network = Tiny.State();
    private static readonly StateDict _tensor = new() { ["loss.weight"] = new HostTensor(new float[3], 3) };

    [Theory]
    [InlineData]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("network")]
    [InlineData("whatever")]
    [InlineData("checkpoint", "ema")]
    [InlineData("a", "b", "c")]
    public void A_network_is_found_under_any_key_and_beside_other_tensors(params string[] keys)
    {
        AssertNetwork(new CheckpointBuilder().Add(_network, keys).Zip());
        if (keys.Length > 0)
        {
            AssertNetwork(new CheckpointBuilder().Add(_tensor).Add(_network, keys).Add(_tensor, "model").Zip());
            AssertNetwork(new CheckpointBuilder().Add(_tensor, "net").Add(_network, keys).Zip());
        }
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("model.")]
    [InlineData("module._orig_mod.")]
    [InlineData("_orig_mod.module.")]
    [InlineData("net.module.")]
    [InlineData("module.net.")]
    [InlineData("ema.model.module.")]
    public void Prefixes_of_wrappers_are_taken_off(string prefix)
    {
        StateDict wrapped = CheckpointBuilder.Prefixed(prefix, _network);
        AssertNetwork(new CheckpointBuilder().Add(wrapped).Zip());
        AssertNetwork(new CheckpointBuilder().Add(wrapped, "state_dict").Zip());
        // A criterion of its own beside the network.
        wrapped["criterion.weight"] = _tensor["loss.weight"];
        Assert.Equal(_network.Names.Order(), SpNetNames(new CheckpointBuilder().Add(wrapped).Zip()).Order());
    }

    [Fact]
    public void Parts_of_a_network_may_be_wrapped_by_themselves()
    {
        var compiled = new StateDict();
        foreach ((string name, HostTensor tensor) in _network)
            compiled[name.Replace("pretrained.", "pretrained._orig_mod.", StringComparison.Ordinal)
                .Replace("head.", "head.module.", StringComparison.Ordinal)] = tensor;
        AssertNetwork(new CheckpointBuilder().Add(compiled).Zip());
    }

    [Theory]
    [InlineData("model", "ema")]
    [InlineData("state_dict", "model")]
    [InlineData("model_state_dict", "ema_state_dict")]
    public void The_model_goes_before_its_copies(string model, string copy)
    {
        StateDict other = Initializer.Initialize(SpNetGraph.Build(Tiny.Architecture), 2);
        AssertNetwork(new CheckpointBuilder().Add(_network, model).Add(other, copy).Zip());
        AssertNetwork(new CheckpointBuilder().Add(other, copy).Add(_network, model).Zip());
    }

    [Fact]
    public void Several_networks_are_named()
    {
        string message = Refusal.Of(new CheckpointBuilder().Add(_network, "student").Add(_network, "teacher").Zip());
        Assert.Contains("under 'student', 'teacher'", message);
        Assert.Contains("checkpoint['student']", message);
        var both = CheckpointBuilder.Prefixed("student.", _network);
        foreach ((string name, HostTensor tensor) in CheckpointBuilder.Prefixed("teacher.", _network))
            both[name] = tensor;
        StateDict read = Reading.Model(new CheckpointBuilder().Add(both).Zip(), "two.pth");
        Assert.Equal(both.Names, read.Names);
        message = Assert.Throws<WeightsException>(() => ArchitectureReader.Read(read, "two.pth")).Message;
        Assert.Contains("'two.pth' holds 2 networks, under 'student.' and 'teacher.'", message);
    }

    [Fact]
    public void Other_models_keep_their_names()
    {
        var other = new StateDict { ["model.conv.weight"] = _tensor["loss.weight"], ["model.module.bias"] = _tensor["loss.weight"] };
        Assert.Equal(other.Names, Reading.Model(new CheckpointBuilder().Add(other, "model_state_dict").Zip(), "memory").Names);
        string message = Refusal.Of(new CheckpointBuilder().Add(other, "generator").Add(other, "discriminator").Zip());
        Assert.Contains("under 'generator', 'discriminator'", message);
    }

    [Fact]
    public void Tensors_out_of_reach_are_named()
    {
        byte[] pickle = PickleBuilder.Start().Op("}").Text("models").Op("]}").Text("w").Tensor("0", 1, 0, [1], [1]).Op("sas").Stop();
        Assert.Contains("'models/0/w'", Refusal.Of(PickleBuilder.Zip(pickle, ("0", PickleBuilder.Floats(1)))));
    }

    [Theory]
    [InlineData("backbone.")]
    [InlineData("module.encoder.")]
    public void The_prefix_of_a_backbone_is_taken_off(string prefix)
    {
        var backbone = new StateDict();
        foreach ((string name, HostTensor tensor) in _network
            .Where(tensor => tensor.Key.StartsWith("pretrained.", StringComparison.Ordinal)))
            backbone[name["pretrained.".Length..]] = tensor;
        byte[] file = new CheckpointBuilder().Add(CheckpointBuilder.Prefixed(prefix, backbone)).Zip();
        Assert.Equal(backbone.Names, Reading.Model(file, "memory").Names);
        file = new CheckpointBuilder().Add(CheckpointBuilder.Prefixed($"{prefix}pretrained.", backbone)).Zip();
        Assert.Equal(CheckpointBuilder.Prefixed("pretrained.", backbone).Names, Reading.Model(file, "memory").Names);
    }

    [Fact]
    public void Counters_of_batches_may_be_missing_or_of_another_form()
    {
        var old = new StateDict();
        var odd = new StateDict();
        foreach ((string name, HostTensor tensor) in _network)
        {
            bool isCounter = name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);
            if (!isCounter)
                old[name] = tensor;
            odd[name] = isCounter ? new HostTensor([7f], 1) : tensor;
        }
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, new CheckpointBuilder().Add(old).Zip());
            using (var opened = WeightsFile.Open(file))
                Assert.True(NetworkWeights.Of(opened).Report.IsExact);
            File.WriteAllBytes(file, new CheckpointBuilder().Add(odd).Zip());
            using var other = WeightsFile.Open(file);
            var weights = NetworkWeights.Of(other);
            Assert.True(weights.Report.IsExact);
            HostTensor counter = weights.State.Load("pretrained.bn1.num_batches_tracked");
            Assert.Equal([7L], (long[])counter.Data);
            Assert.Empty(counter.Shape);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void AssertNetwork(byte[] file) => Fixtures.AssertSame(_network, Reading.Model(file, "memory"));

    private static IEnumerable<string> SpNetNames(byte[] file) => Reading.Model(file, "memory").Names;
}
