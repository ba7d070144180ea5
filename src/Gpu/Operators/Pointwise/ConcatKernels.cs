namespace SpGpu.Gpu.Kernels;

/// <summary>Copies each input into its channels of the output, one launch an input.</summary>
internal sealed class ConcatKernels(KernelDevice device) : KernelOperation(device)
{
    private readonly UnaryMap<PointwiseFunctions.Copy> _copy = new(device, "copy");

    public override string Variant => "concat";

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Tensor slice = outputs[0];
        foreach (ref readonly Tensor input in inputs)
        {
            slice = slice with { Shape = input.Shape };
            _copy.Map(input, slice);
            slice = slice with { Offset = slice.Offset + (int)input.Shape.ImageLength };
        }
    }
}
