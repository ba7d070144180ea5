using SpGpu.Gpu;

namespace SpGpu.Layers.Training;

/// <summary>Zeros of the shape of each input, for operators that add to what there is.</summary>
internal sealed record Zeros : HostStep
{
    public override string Name => "zeros";

    public override Shape[] Infer(ReadOnlySpan<Shape> inputs) => [.. inputs];

    internal override void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        foreach (ref readonly Tensor output in outputs)
            output.Upload<float>(new float[output.Shape.Count]);
    }
}
