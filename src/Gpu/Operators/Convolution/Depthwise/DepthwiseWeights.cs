namespace SpGpu.Gpu;

/// <summary>The filter and the bias of a depthwise convolution as they are, one behind the other.</summary>
internal sealed class DepthwiseWeights : PackedWeights
{
    private readonly DeviceMemory _memory;

    public DepthwiseWeights(Device device, Convolution convolution, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        _memory = device.Allocate(checked(weight.Length + bias.Length));
        new Tensor(_memory, new Shape(1, 1, 1, _memory.Length)).Upload<float>([.. weight, .. bias]);
        Filter = new Tensor(_memory, TrainableConvolution.Filter(convolution));
        Bias = new Tensor(_memory, weight.Length, bias.Length, new Shape(1, bias.Length, 1, 1));
    }

    /// <summary>O,1,kh,kw.</summary>
    public Tensor Filter { get; }

    /// <summary>1,O,1,1.</summary>
    public Tensor Bias { get; }

    private protected override void Dispose(bool disposing) => _memory.Dispose();
}
