using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;
using SpGpu.Layers.Training;
using Xunit;

namespace SpGpu.Golden;

/// <summary>
/// Every module of the reference data forward and backward: results, gradients of input and parameters, running
/// statistics after one batch. With mode eval the statistics are constants.
/// </summary>
public sealed class GradientTests(DeviceFixture fixture)
{
    public static TheoryData<GoldenCase> Modules => [.. GoldenCase.All.Where(c => c.Fixture.Kind <= 10 && c.Has("gout"))];

    [Theory]
    [MemberData(nameof(Modules))]
    public void Module(GoldenCase data)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.SkipWhatIsTooSlow();
        Graph graph = GoldenModules.Graph(data);
        using var state = new TrainingState(
            fixture.Device, graph, data.Fixture.Weights(data.Name, GoldenModules.Prefix), new TrainingOptions { Losses = [] });
        Shape[] shapes = [ToShape(data.Input), ToShape(data.Expected("gout"))];
        var tape = new StepTape(
            graph, state.Memory, new Dictionary<string, Shape> { ["x"] = shapes[0] }, ["out"],
            frozenStatistics: data.Mode == "eval", withInputs: true);
        Value gradient = tape.Input("gout", shapes[1]);
        tape.Output("out", graph.Outputs["out"]);
        tape.Backward([("out", gradient)], recompute: false);
        using Plan plan = tape.Compile(fixture.Device);
        plan["x"].Upload<float>(data.Input.Floats);
        plan["gout"].Upload<float>(data.Expected("gout").Floats);
        for (int i = 0; i < tape.Dropouts.Count; i++)
            plan[StepTape.MaskName(i)].Upload<float>(data.Mask($"{data.Mode}.dropmult", plan[StepTape.MaskName(i)].Shape));
        plan.Run();
        if (data.Mode != "eval")
            state.CountBatch();

        string mode = data.Mode == "out" ? "" : $"{data.Mode}.";
        data.Check($"{mode}out", Download(plan["out"], data.Expected($"{mode}out").Shape));
        data.Check($"{mode}grad.in.x", Download(plan["x gradient"], data.Input.Shape));
        data.CheckAll($"{mode}grad.w.", state.ReadGradients(), GoldenModules.Prefix);
        data.CheckAll($"{mode}buf.", state.Read(), GoldenModules.Prefix);
    }

    private static Shape ToShape(HostTensor tensor) => new(tensor.Shape[0], tensor.Shape[1], tensor.Shape[2], tensor.Shape[3]);

    private static HostTensor Download(Tensor tensor, IReadOnlyList<int> shape)
    {
        var data = new float[tensor.Shape.Count];
        tensor.Download<float>(data);
        return new HostTensor(data, shape);
    }
}
