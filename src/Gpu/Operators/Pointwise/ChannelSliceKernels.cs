namespace SpGpu.Gpu.Kernels;

/// <summary>Copies the channels, which lie side by side in each image.</summary>
internal sealed class ChannelSliceKernels(KernelDevice device, ChannelSlice slice) : KernelOperation(device)
{
    private readonly UnaryMap<PointwiseFunctions.Copy> _copy = new(device, "copy");

    public override string Variant => slice.Name;

    protected override void Submit(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        Tensor x = inputs[0];
        _copy.Map(x with { Offset = x.Offset + slice.First * x.Shape.Plane, Shape = outputs[0].Shape }, outputs[0]);
    }
}
