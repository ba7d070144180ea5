namespace SpGpu.Gpu.Simd;

/// <summary>
/// What one worker needs while it convolves: packed pixels, lines of them before they are packed, one tile of sums, a part of a
/// filter.
/// </summary>
internal sealed unsafe class PanelScratch(Device device) : IDisposable
{
    /// <summary>
    /// The depth of a packed block: a panel of the microkernel's rows takes 12 KB, and so stays in the first-level
    /// cache.
    /// </summary>
    public static int Depth => FilterLength / Microkernel.Rows;

    /// <summary>Panels of the microkernel's columns in a packed block: 256 KB, which stay in the second-level cache.</summary>
    public static int Panels => PackedLength / Depth / Microkernel.Columns;

    /// <summary>From one line to the next: not a power of two, so that lines lie in different sets of the first-level cache.</summary>
    public static int LineStride => Depth + 16;

    /// <summary>
    /// Elements that a second-level cache holds, 1 MB. Lines of larger tensors are asked for before they are needed; of smaller ones
    /// that would only take time.
    /// </summary>
    public const int NearLength = 1 << 18;

    private const int PackedLength = 65536;

    private const int FilterLength = 3072;

    private readonly SimdMemory _memory = (SimdMemory)device.Allocate(PackedLength + LineLength + Microkernel.MostElements + FilterLength);

    public float* Packed => _memory.Base;

    public float* Line => _memory.Base + PackedLength;

    public float* Tile => Line + LineLength;

    public float* Filter => Tile + Microkernel.MostElements;

    /// <summary>A line is at most as long as a block is deep or wide.</summary>
    private static int LineLength => Microkernel.Columns * LineStride;

    public void Dispose() => _memory.Dispose();
}
