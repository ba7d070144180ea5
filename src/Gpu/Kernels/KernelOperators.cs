namespace SpGpu.Gpu.Kernels;

/// <summary>The operator set of GPUs, and of ILGPU's CPU accelerator for checks.</summary>
internal sealed class KernelOperators(KernelDevice device) : Operators(device)
{
    private protected override PackedWeights PackCore(Specification specification, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias) =>
        OperatorRegister.All.Of(specification).PackKernels!(device, specification, weight, bias);

    private protected override Operation PrepareCore(Specification specification, ReadOnlySpan<Shape> inputs, PackedWeights? weights)
    {
        Shape[] outputs = specification.Infer(inputs);
        foreach (Shape shape in (ReadOnlySpan<Shape>)[inputs[0], .. outputs])
        {
            if (shape.N > KernelOperation.MostAlongAxis || shape.C > KernelOperation.MostAlongAxis)
                throw new ShapeException(
                    $"{specification.Name}: {shape} has more than {KernelOperation.MostAlongAxis} images or channels, too " +
                    $"many for {device.Name}; use cpu");
        }
        foreach (Shape shape in (ReadOnlySpan<Shape>)[.. inputs, .. outputs])
        {
            if (shape.Count > Workspace.MostElements)
                throw new ShapeException(
                    $"{specification.Name}: {shape} has more than {Workspace.MostElements} elements, too many for {device.Name}; use cpu");
        }
        return OperatorRegister.All.Of(specification).Kernels(device, specification, inputs, weights);
    }
}
