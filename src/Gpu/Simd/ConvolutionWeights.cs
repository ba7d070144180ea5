namespace SpGpu.Gpu.Simd;

/// <summary>A filter in the layout of <see cref="ConvolutionFilter"/>, and a bias.</summary>
internal sealed unsafe class ConvolutionWeights : Weights
{
    private const int MostLanes = 16;

    private readonly SimdMemory _filter;
    private readonly SimdMemory _bias;

    private ConvolutionWeights(SimdMemory filter, SimdMemory bias)
    {
        _filter = filter;
        _bias = bias;
    }

    public float* Filter => _filter.Base;

    public float* Bias => _bias.Base;

    public static ConvolutionWeights Pack(Convolution convolution, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        // Winograd's transform reads whole vectors of the last channel.
        var filter = new SimdMemory(ConvolutionFilter.Length(convolution) + MostLanes);
        var biases = new SimdMemory(bias.Length);
        fixed (float* source = weight)
            ConvolutionFilter.Pack(convolution, source, weight.Length / convolution.OutChannels, filter.Base, 0, ConvolutionFilter.Blocks(convolution));
        bias.CopyTo(new Span<float>(biases.Base, bias.Length));
        return new ConvolutionWeights(filter, biases);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _filter.Dispose();
            _bias.Dispose();
        }
    }
}
