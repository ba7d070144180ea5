namespace SpGpu.Gpu.Simd;

/// <summary>What one worker needs while it convolves: packed pixels, lines of them before they are packed, one tile of sums.</summary>
internal sealed unsafe class ConvolutionScratch : IDisposable
{
    private readonly SimdMemory _memory = new(ConvolutionProduct.ScratchLength + LineLength + Microkernel.MostElements);

    public float* Packed => _memory.Base;

    public float* Line => _memory.Base + ConvolutionProduct.ScratchLength;

    public float* Tile => Line + LineLength;

    /// <summary>As long as the lines of a panel of the filter gradient, and so than the one of a convolution.</summary>
    private static int LineLength => Microkernel.Columns * ConvolutionFilterGradientOperation.DepthBlock;

    public void Dispose() => _memory.Dispose();
}
