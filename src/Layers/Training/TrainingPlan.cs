using SpGpu.Gpu;
using SpGpu.Gpu.Profiling;
using SpGpu.Layers.Plans;

namespace SpGpu.Layers.Training;

/// <summary>A training step compiled for one batch shape.</summary>
internal sealed class TrainingPlan : IDisposable
{
    private const string Labels = "labels";

    private readonly Device _device;
    private readonly Plan _plan;
    private readonly string _image;
    private readonly Tensor _labels;
    private readonly Tensor[] _losses;
    private readonly DropoutMask[] _masks;
    private readonly Tensor _score;
    private readonly ResizeRule _resize;
    private readonly float[] _loss = new float[2];
    private Operation? _argMax;
    private Tensor _classes;

    public TrainingPlan(Device device, Graph graph, ParameterMemory memory, Shape image, TrainingOptions options, Tensor? classWeights)
    {
        _device = device;
        Shape = image;
        _resize = options.Resize;
        _image = graph.Inputs.Keys.Single();
        var tape = new StepTape(
            graph, memory, new Dictionary<string, Shape> { [_image] = image }, options.Losses.Select(loss => loss.Output),
            options.FrozenStatistics, withInputs: false, options.SharedStatistics ? options.Group : null);
        Value labels = tape.Input(Labels, image with { C = 1 }, DataType.UInt8);
        Value? weights = classWeights is { } given ? tape.Beside("class weights", given) : null;
        var gradients = new List<(string, Value)>();
        for (int i = 0; i < options.Losses.Count; i++)
        {
            (Value loss, Value gradient) = tape.Loss(options.Losses[i], options, labels, weights);
            tape.Output(LossName(i), loss);
            gradients.Add((options.Losses[i].Output, gradient));
        }
        tape.Output("score", graph.Outputs[options.Losses[0].Output]);
        tape.Backward(gradients, options.Recompute);
        _plan = tape.Compile(device);
        _labels = _plan[Labels];
        _score = _plan["score"];
        _losses = [.. options.Losses.Select((_, i) => _plan[LossName(i)])];
        _masks =
        [
            .. tape.Dropouts.Select((dropout, i) => new DropoutMask(
                dropout.Probability, options.Seed, i, _plan[StepTape.MaskName(i)], options.Group?.Rank ?? 0)),
        ];
    }

    /// <summary>The shape of the images.</summary>
    public Shape Shape { get; }

    /// <summary>Where its activations are.</summary>
    public DeviceMemory Arena => _plan.Arena;

    /// <summary>Bytes of device memory for activations.</summary>
    public long ArenaBytes => _plan.ArenaBytes;

    /// <summary>Runs forward and backward on a batch; gradients are added to what there is.</summary>
    public void Run(ReadOnlySpan<float> images, ReadOnlySpan<byte> labels, long batch, Span<LossValue> losses)
    {
        _plan[_image].Upload(images);
        _labels.Upload(labels);
        foreach (DropoutMask mask in _masks)
            mask.Draw(batch);
        _plan.Run();
        for (int i = 0; i < _losses.Length; i++)
        {
            _losses[i].Download<float>(_loss);
            losses[i] = new LossValue(_loss[0], _loss[1]);
        }
    }

    /// <summary>Times forward and backward of a made-up batch whose labels are the first class.</summary>
    public Profile Profile(int runs, CancellationToken cancellation)
    {
        PlanProfile.Fill(_plan[_image]);
        _labels.Upload<byte>(new byte[_labels.Shape.Count]);
        foreach (DropoutMask mask in _masks)
            mask.Draw(0);
        return PlanProfile.Measure(_plan, runs, cancellation);
    }

    /// <summary>The most probable class of every pixel of the last batch.</summary>
    public void ReadPredictions(Span<byte> classes)
    {
        if (_argMax is null)
        {
            _argMax = _device.Operators.Prepare(new ArgMaxUpsampled((Shape.H, Shape.W), _resize), [_score.Shape]);
            _classes = Tensor.Allocate(_device, Shape with { C = 1 }, DataType.UInt8);
        }
        _argMax.Run([_score], [_classes]);
        _classes.Download(classes);
    }

    public void Dispose()
    {
        _plan.Dispose();
        _classes.Memory?.Dispose();
    }

    private static string LossName(int index) => FormattableString.Invariant($"loss {index}");
}
