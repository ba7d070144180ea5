namespace SpGpu.Gpu.Simd;

/// <summary>What one worker needs while it convolves: packed pixels, one line of them, one tile of sums.</summary>
internal sealed unsafe class ConvolutionScratch : IDisposable
{
    private readonly SimdMemory _memory = new(ConvolutionOperation.ScratchLength + LineLength + Microkernel.MostElements);

    public float* Packed => _memory.Base;

    public float* Line => _memory.Base + ConvolutionOperation.ScratchLength;

    public float* Tile => Line + LineLength;

    private static int LineLength => 256 + 32;

    public void Dispose() => _memory.Dispose();
}
