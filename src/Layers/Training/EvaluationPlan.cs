using SpGpu.Gpu;
using SpGpu.Layers.Passes;
using SpGpu.Layers.Plans;

namespace SpGpu.Layers.Training;

/// <summary>
/// A network on running statistics and without dropout, compiled for one batch shape: classes and loss straight from a
/// block in the layout of the training parameters, be it those parameters or an average of them. It only reads the block.
/// </summary>
internal sealed class EvaluationPlan : IDisposable
{
    private const string Labels = "labels";
    private const string Loss = "loss";
    private const string Classes = "classes";

    private readonly Plan _plan;
    private readonly string _image;
    private readonly float[] _loss = new float[2];

    /// <param name="device">The device.</param>
    /// <param name="graph">A graph with one input, the images.</param>
    /// <param name="layout">Where parameters and running statistics lie in <paramref name="values"/>.</param>
    /// <param name="values">Parameters and running statistics; the block outlives the plan.</param>
    /// <param name="image">The shape of the images.</param>
    /// <param name="options">The first loss is taken, on all pixels that count, each counting as one: nothing is mined or weighted.</param>
    /// <param name="room">Memory for activations that nobody needs while this plan runs; used if it is large enough.</param>
    public EvaluationPlan(
        Device device, Graph graph, ParameterLayout layout, DeviceMemory values, Shape image,
        TrainingOptions options, DeviceMemory? room = null)
    {
        Shape = image;
        (_image, Value input) = graph.Inputs.Single();
        var list = new NodeList(graph.Nodes, [graph.Outputs[options.Losses[0].Output]]);
        InferencePasses.RemoveDropout(list);
        InferencePasses.RemoveUnused(list);
        var tape = new Tape(graph);
        tape.Bind(input, image);
        var parameters = new ParameterValues(tape, layout, values);
        var forward = new ForwardPass(tape, parameters, frozenStatistics: true);
        foreach (Node node in list.Nodes)
            forward.Write(node);
        Value score = list.Outputs[0];
        Value labels = tape.Input(Labels, image with { C = 1 }, DataType.UInt8);
        var outputs = new Dictionary<string, Value>
        {
            [Loss] = tape.Add(Loss, new CrossEntropy(options.Ignored, Rule: options.Resize), score, labels)[0],
            [Classes] = tape.Single(Classes, new ArgMaxUpsampled((image.H, image.W), options.Resize), score),
        };
        _plan = new Plan(
            device, tape.Nodes, new Dictionary<string, Value> { [_image] = input, [Labels] = labels }, outputs,
            new Dictionary<Value, Shape> { [input] = image, [labels] = image with { C = 1 } }, _ => null, parameters.Elsewhere, room);
    }

    /// <summary>The shape of the images.</summary>
    public Shape Shape { get; }

    /// <summary>Returns the loss of a batch and fills in the most probable class of every pixel.</summary>
    public LossValue Run(ReadOnlySpan<float> images, ReadOnlySpan<byte> labels, Span<byte> classes)
    {
        _plan[_image].Upload(images);
        _plan[Labels].Upload(labels);
        _plan.Run();
        _plan[Classes].Download(classes);
        _plan[Loss].Download<float>(_loss);
        return new LossValue(_loss[0], _loss[1]);
    }

    public void Dispose() => _plan.Dispose();
}
