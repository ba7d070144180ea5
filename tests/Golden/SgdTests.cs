using SpGpu.Gpu;
using SpGpu.Layers;
using Xunit;

namespace SpGpu.Golden;

/// <summary>Five steps of a small network: losses, gradients, parameters, momenta and running statistics after each.</summary>
public sealed class SgdTests(DeviceFixture fixture)
{
    public static TheoryData<GoldenCase> Cases => [.. GoldenCase.All.Where(c => c.Fixture.Kind == 11)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trajectory(GoldenCase data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.SkipWhatIsTooSlow();
        var graph = new Graph();
        Value x =
            graph.Relu(graph.BatchNorm(graph.Conv(graph.Input("x", 3), "pretrained.0", 4, 3, padding: 1, bias: false), "pretrained.1"));
        graph.Output("logits", graph.Conv(x, "head", data.Number("nclass"), 1));
        StateDict initial = data.Fixture.Weights(data.Name, "");
        var options = new TrainingOptions
        {
            Losses = [new("logits", 1)],
            Groups = 2,
            GroupOf = name => name.StartsWith("pretrained.", StringComparison.Ordinal) ? 0 : 1,
            Momentum = (float)data.Data.GetProperty("momentum").GetDouble(),
            WeightDecay = (float)data.Data.GetProperty("weight_decay").GetDouble(),
        };
        using var network = new TrainingNetwork(graph, initial, fixture.Device, options);
        StateDict before = network.State();
        StateDict momentaBefore = network.Momenta();
        var loss = new LossValue[1];
        int steps = 0;
        for (int i = 0; data.Has(FormattableString.Invariant($"step{i}.loss")); i++, steps++)
        {
            string step = FormattableString.Invariant($"step{i}");
            HostTensor images = data.Expected(FormattableString.Invariant($"in.x.{i}"));
            byte[] labels =
                [.. data.Expected(FormattableString.Invariant($"in.target.{i}")).Data.Cast<long>().Select(label => (byte)label)];
            network.Accumulate(images.Shape[0], images.Shape[2], images.Shape[3], images.Floats, labels, loss);
            data.CheckNumber($"{step}.loss", loss[0].Value);
            data.CheckAll($"{step}.grad.w.", network.Gradients(), "");
            network.Update(data.Expected($"{step}.lr").Floats);
            StateDict after = network.State();
            StateDict momenta = network.Momenta();
            data.CheckSteps($"{step}.w.", after, before);
            data.CheckSteps($"{step}.mom.", momenta, momentaBefore);
            data.CheckAll($"{step}.buf.", after, "");
            (before, momentaBefore) = (after, momenta);
        }
        Assert.InRange(steps, 5, int.MaxValue);
        Assert.Equal(steps, network.Step);
    }
}
