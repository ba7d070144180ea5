using SpGpu.Gpu;
using SpGpu.Layers;
using SpGpu.Layers.Plans;
using SpGpu.Layers.Training;
using SpGpu.Models;
using Xunit;

namespace SpGpu.Golden;

/// <summary>
/// One training step of whole small networks: losses, classes, gradients of image and parameters, running statistics
/// (the auxiliary head runs once) and the parameters after SGD, with and without recomputation.
/// </summary>
public sealed class NetworkTrainingTests(DeviceFixture fixture)
{
    private static readonly TrainingOptions _options = new()
    {
        Losses = [new("score", 1), new("aux", 0.4)],
        Groups = 2,
        GroupOf = name => name.StartsWith("pretrained.", StringComparison.Ordinal) ? 0 : 1,
    };

    public static TheoryData<GoldenCase, bool> Networks
    {
        get
        {
            var data = new TheoryData<GoldenCase, bool>();
            foreach (GoldenCase network in GoldenCase.All.Where(c => c.Fixture.Kind == 12 && !c.IsInference))
            {
                data.Add(network, false);
                data.Add(network, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Step(GoldenCase data, bool recompute)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.SkipWhatIsTooSlow();
        Graph graph = SpNetGraph.Build(GoldenModules.Architecture(data));
        StateDict initial = data.Fixture.Weights(data.Name, "");
        using var state = new TrainingState(fixture.Device, graph, initial, _options);
        StepTape tape = Write(graph, state.Memory, data, recompute);
        using Plan plan = tape.Compile(fixture.Device);
        Feed(plan, data);
        plan.Run();
        state.CountBatch();

        string mode = data.Mode;
        double main = Loss(plan, "main"), auxiliary = Loss(plan, "aux");
        data.CheckNumber($"{mode}.main_loss", main);
        data.CheckNumber($"{mode}.aux_loss", auxiliary);
        data.CheckNumber($"{mode}.loss", main + 0.4 * auxiliary);
        CheckClasses(plan, data);
        var image = new float[data.Input.Count];
        plan["image gradient"].Download<float>(image);
        data.Check($"{mode}.grad.in.x", new HostTensor(image, data.Input.Shape));
        data.CheckAll($"{mode}.grad.w.", state.ReadGradients(), "");
        // Where both are there, "buf" is what running the auxiliary head twice leaves.
        data.CheckAll($"{mode}.buf.", state.Read(), "", role => !data.Has(role.Replace(".buf.", ".buf_single.", StringComparison.Ordinal)));
        data.CheckAll($"{mode}.buf_single.", state.Read(), "");

        Update(state.Memory, data);
        data.CheckSteps($"{mode}.w1.", state.Read(), initial);
        Assert.All(state.ReadGradients(), gradient => Assert.All(gradient.Value.Floats, value => Assert.Equal(0f, value)));
    }

    private static StepTape Write(Graph graph, ParameterMemory memory, GoldenCase data, bool recompute)
    {
        var image = new Shape(data.Input.Shape[0], data.Input.Shape[1], data.Input.Shape[2], data.Input.Shape[3]);
        var tape = new StepTape(
            graph, memory, new Dictionary<string, Shape> { ["image"] = image }, ["score", "aux"], frozenStatistics: false,
            withInputs: true);
        Value labels = tape.Input("labels", image with { C = 1 }, DataType.UInt8);
        (Value main, Value mainGradient) = tape.Loss(_options.Losses[0], _options, labels, classWeights: null);
        (Value auxiliary, Value auxiliaryGradient) = tape.Loss(_options.Losses[1], _options, labels, classWeights: null);
        tape.Output("main", main);
        tape.Output("aux", auxiliary);
        tape.Output("score", graph.Outputs["score"]);
        tape.Backward([("score", mainGradient), ("aux", auxiliaryGradient)], recompute);
        return tape;
    }

    private static void Feed(Plan plan, GoldenCase data)
    {
        plan["image"].Upload<float>(data.Input.Floats);
        plan["labels"].Upload<byte>([.. data.Expected("in.target").Data.Cast<long>().Select(label => (byte)label)]);
        // The graph has the head's dropout before that of the auxiliary head.
        plan[StepTape.MaskName(0)].Upload<float>(data.Mask($"{data.Mode}.dropmult.head", plan[StepTape.MaskName(0)].Shape));
        plan[StepTape.MaskName(1)].Upload<float>(data.Mask($"{data.Mode}.dropmult.aux", plan[StepTape.MaskName(1)].Shape));
    }

    private static double Loss(Plan plan, string name)
    {
        var loss = new float[2];
        plan[name].Download<float>(loss);
        return loss[0];
    }

    private void CheckClasses(Plan plan, GoldenCase data)
    {
        byte[] expected = (byte[])data.Expected($"{data.Mode}.argmax").Data;
        Size2D size = (data.Input.Shape[2], data.Input.Shape[3]);
        Tensor score = plan["score"];
        Tensor classes = Tensor.Allocate(fixture.Device, new Shape(score.Shape.N, 1, size.Height, size.Width), DataType.UInt8);
        using DeviceMemory memory = classes.Memory;
        fixture.Device.Operators.Prepare(new ArgMaxUpsampled(size), [score.Shape]).Run([score], [classes]);
        var actual = new byte[expected.Length];
        classes.Download<byte>(actual);
        Assert.InRange(expected.Zip(actual).Count(pair => pair.First != pair.Second), 0, expected.Length / 1000);
    }

    private void Update(ParameterMemory memory, GoldenCase data)
    {
        var optimizer = data.Data.GetProperty("optimizer");
        float[] rates =
            [(float)optimizer.GetProperty("lr_pretrained").GetDouble(), (float)optimizer.GetProperty("lr_head_and_auxlayer").GetDouble()];
        Tensor rate = Tensor.Allocate(fixture.Device, new Shape(1, 1, 1, 1));
        using DeviceMemory rateMemory = rate.Memory;
        for (int group = 0; group < rates.Length; group++)
        {
            rate.Upload<float>(rates.AsSpan(group, 1));
            var step = new SgdStep(memory.Layout.GroupLengths[group], _options.Momentum, _options.WeightDecay);
            fixture.Device.Operators.Prepare(step, [rate.Shape]).Run([rate], memory.Group(group));
        }
    }
}
