using ILGPU;
using ILGPU.Runtime;

namespace SpGpu.Gpu.Kernels;

/// <summary>The operator set of GPUs, and of ILGPU's CPU accelerator for checks.</summary>
internal sealed class KernelOperators(KernelDevice device) : Operators
{
    protected override Weights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        throw new NotImplementedException();

    protected override Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, Weights? weights)
    {
        if (inputs[0].N > KernelOperation.MostAlongAxis || inputs[0].C > KernelOperation.MostAlongAxis)
            throw new ShapeException($"{specification.Name}: {inputs[0]} has more than {KernelOperation.MostAlongAxis} images or channels, too many for {device.Name}; use cpu");
        try
        {
            return Create(specification, inputs, weights);
        }
        catch (Exception error) when (error is InternalCompilerException or AcceleratorException or NotSupportedException)
        {
            throw device.Failed($"compiling the kernels of {specification.Name}", error);
        }
    }

    private KernelOperation Create(Specification specification, ReadOnlySpan<Shape> inputs, Weights? weights) => specification switch
    {
        Pointwise { Kind: PointwiseKind.Copy } => new UnaryMap<Same>(device),
        Pointwise { Kind: PointwiseKind.Relu } => new UnaryMap<Rectified>(device),
        Pointwise { Kind: PointwiseKind.Sigmoid } => new UnaryMap<Logistic>(device),
        Pointwise { Kind: PointwiseKind.Add } => new BinaryMap<Sum>(device),
        Pointwise => new BinaryMap<Product>(device),
        _ => throw new ShapeException($"{device.Name} has no operator '{specification.Name}'"),
    };
}
