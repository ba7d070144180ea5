namespace SpGpu.Gpu.Simd;

/// <summary>
/// A filter as the microkernel reads it: blocks of <see cref="Microkernel.Rows"/> output channels, within a block
/// all (in, kh, kw) in order, within each the channels of the block; missing channels are zero.
/// </summary>
internal sealed unsafe class ConvolutionWeights : Weights
{
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
        int rows = Microkernel.Rows;
        int depth = weight.Length / convolution.OutChannels;
        int blocks = (convolution.OutChannels + rows - 1) / rows;
        var filter = new SimdMemory(checked(blocks * depth * rows));
        var biases = new SimdMemory(blocks * rows);
        filter.Clear();
        biases.Clear();
        for (int o = 0; o < convolution.OutChannels; o++)
        {
            float* target = filter.Base + (long)(o / rows) * depth * rows + o % rows;
            ReadOnlySpan<float> source = weight.Slice(o * depth, depth);
            for (int k = 0; k < depth; k++)
                target[(long)k * rows] = source[k];
            biases.Base[o] = bias[o];
        }
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
