namespace SpGpu.Gpu.Simd;

/// <summary>A filter in the layout of <see cref="ConvolutionFilter"/>, and a bias.</summary>
internal sealed unsafe class ConvolutionSimdWeights : PackedWeights
{
    private readonly SimdMemory _memory;
    private readonly int _filterLength;

    public ConvolutionSimdWeights(Device device, Convolution convolution, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        _filterLength = ConvolutionFilter.RoomFor(convolution);
        _memory = (SimdMemory)device.Allocate(checked(_filterLength + bias.Length));
        fixed (float* source = weight)
            ConvolutionFilter.Pack(convolution, source, weight.Length / convolution.OutChannels, Filter, 0,
                ConvolutionFilter.Blocks(convolution));
        bias.CopyTo(new Span<float>(Bias, bias.Length));
    }

    public float* Filter => _memory.Base;

    public float* Bias => _memory.Base + _filterLength;

    private protected override void Dispose(bool disposing)
    {
        if (disposing)
            _memory.Dispose();
    }
}
